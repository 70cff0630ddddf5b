// Messages come through the stream and are added as text, never as HTML. The form is sent without leaving the page, so
// that picture and sound go on; what was not sent stays in it, and its key makes sure that it is said once.
{
  const root = document.querySelector("[data-feed]");
  const list = root.querySelector("[data-chat]");
  const form = root.querySelector("[data-say]");
  const text = form.querySelector("textarea");
  const key = form.querySelector("[name=key]");
  const files = document.getElementById("files");
  const notSent = form.querySelector("[data-not-sent]");

  root.addEventListener("message", ({ detail }) => {
    if (document.getElementById(`message-${detail.pk}`)) return;
    const line = document.createElement("li");
    line.id = `message-${detail.pk}`;
    line.classList.toggle("mine", detail.is_mine);
    const who = document.createElement("small");
    who.textContent = `${detail.is_mine ? list.dataset.mine : list.dataset.theirs}, ${detail.time}`;
    line.append(who, detail.file ? linked(detail) : detail.text);
    list.append(line);
    if (detail.file) files.dispatchEvent(new Event("renew")); // it stands there with how it was judged
    root.querySelector("[data-no-messages]")?.remove();
  });

  function linked(detail) {
    const link = document.createElement("a");
    link.href = `${files.dataset.address}${detail.file}/`;
    link.target = "_blank"; // a call lives in its page
    link.rel = "noopener";
    link.textContent = detail.text;
    return link;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!text.value.trim() || form.dataset.busy) return;
    form.dataset.busy = "yes";
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    delete form.dataset.busy;
    notSent.hidden = answer?.type === "opaqueredirect"; // said: the server leads back to the page
    if (!notSent.hidden) return;
    text.value = "";
    key.value = crypto.randomUUID ? crypto.randomUUID() : [8, 4, 4, 4, 12].map(hex).join("-");
    text.focus();
  });

  function hex(length) {
    return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => (byte & 15).toString(16)).join("");
  }
}
