// Whoever goes back to a page that answered a form, or loads it again, gets it afresh: the browser would want to send
// the form once more, and shows an error of its own until it may.
if (document.currentScript.dataset.answers) history.replaceState(null, "", document.currentScript.dataset.answers);

// A second click on a button that is already working sends nothing. The label stays; the server is idempotent anyway.
// A form that is answered by a file leaves its page where it is, and may be sent again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || "file" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Back from the next page (also from the browser's memory): the form works again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});
