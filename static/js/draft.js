// A conclusion is kept while it is written: two seconds after the last key, again until a lost network is back, and when
// the page is left. Without a script the button «Save the draft» does the same.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const REST = 2000, AGAIN = 10000; // milliseconds: after the last key, and after a save that did not reach the server
  const status = form.querySelector("[data-draft-status]");
  let timer = 0; // runs while something is not saved
  let saving = null; // the answer that is under way
  let isPassed = false; // what another form of the page sends

  const wait = (rest) => {
    clearTimeout(timer);
    timer = setTimeout(() => save(), rest);
  };

  const sent = (more) => fetch(form.dataset.draft, {
    method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual", ...more,
  }).catch(() => null);

  async function save(more) {
    if (saving) return wait(REST); // one after the other: the older one never wins
    clearTimeout(timer);
    timer = 0;
    saving = sent(more);
    const answer = await saving;
    saving = null;
    if (answer?.ok) status.textContent = `${form.dataset.saved} ${(await answer.json()).saved}`;
    else if (answer && answer.status < 500) status.textContent = form.dataset.lost; // signed out, or concluded elsewhere
    else {
      status.textContent = form.dataset.offline;
      if (!timer) wait(AGAIN);
    }
  }

  form.addEventListener("input", () => wait(REST));
  window.addEventListener("online", () => timer && save());
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = 0;
  });
  // Another form of the page goes when this is saved, or could not be: the page that follows shows what was written.
  window.addEventListener("submit", async (event) => {
    if (event.target === form || isPassed || (!timer && !saving)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await (timer ? save() : saving);
    isPassed = true;
    event.target.requestSubmit(event.submitter);
    isPassed = false;
  }, true);
  document.addEventListener("anew", ({ detail }) => detail.push(timer ? save() : saving));
  // The next page might be drawn before this is saved: the browser asks, and meanwhile it is.
  window.addEventListener("beforeunload", (event) => {
    if (!timer && !saving) return;
    event.preventDefault();
    if (timer) save({ keepalive: true }); // who answers at once goes, and another request would be ended
  });
  window.addEventListener("pagehide", () => timer && sent({ keepalive: true })); // where nobody is asked, as on a phone
}
