// Files leave one by one while the rest of the form is being filled in: each with its progress, and one that was lost
// with a second try. Without this file the form takes them along when it is sent (core/uploads/forms.py).
{
  const list = () => document.getElementById("files");
  const leaving = []; // {file, line, state}: waits, sends, failed; what arrived is in the list and no more here

  // ── The list, drawn by the server ──
  function show(html) {
    const drawn = new DOMParser().parseFromString(html, "text/html").getElementById("files");
    if (!drawn) return false; // a page to sign in, an error page
    for (const name of ["mark", "stream"]) {
      if (name in drawn.dataset) list().dataset[name] = drawn.dataset[name];
      else delete list().dataset[name];
    }
    list().querySelector("[data-received]").replaceWith(drawn.querySelector("[data-received]"));
    watch();
    return true;
  }

  let stream = null;
  function watch() {
    stream?.close();
    const address = list().dataset.stream;
    if (!address) return;
    stream = new EventSource(`${address}?seen=${encodeURIComponent(list().dataset.mark)}`);
    stream.addEventListener("moved", () => {
      stream.close();
      renew();
    });
  }

  async function renew() {
    const answer = await fetch(list().dataset.address).catch(() => null);
    if (answer?.ok) show(await answer.text());
  }

  // ── One file after the other ──
  function add(file, form) {
    const line = document.createElement("li");
    line.className = "task";
    line.innerHTML = "<div><b></b><p></p><progress max=\"1\" value=\"0\"></progress></div>";
    line.querySelector("b").textContent = file.name;
    line.querySelector("progress").setAttribute("aria-label", file.name);
    const one = { file, form, line, state: "waits" };
    say(one, list().dataset.waits);
    leaving.push(one);
    board().firstElementChild.append(line);
    board().hidden = false;
    if (file.size > Number(list().dataset.most)) fail(one, list().dataset.tooLarge, false);
  }

  const board = () => list().querySelector("[data-leaving]");
  const say = (one, words) => { one.line.querySelector("p").textContent = words; };

  function next() {
    if (leaving.some((one) => one.state === "sends")) return;
    const one = leaving.find((other) => other.state === "waits");
    if (one) send(one);
    else for (const form of document.querySelectorAll("form[data-held]")) goOn(form);
  }

  function send(one) {
    one.state = "sends";
    say(one, list().dataset.leaves);
    const body = new FormData();
    body.append("csrfmiddlewaretoken", one.form.elements.csrfmiddlewaretoken.value);
    body.append("attachments", one.file);
    const request = new XMLHttpRequest(); // fetch tells nothing of how far an upload is
    request.upload.addEventListener("progress", (event) => { one.line.querySelector("progress").value = event.loaded / event.total; });
    request.addEventListener("loadend", () => {
      if (request.status === 200 && show(request.responseText)) drop(one);
      else if (request.status === 422) fail(one, request.responseText, false);
      else fail(one, list().dataset.lost, true);
      next();
    });
    request.open("POST", list().dataset.address);
    request.send(body);
  }

  function fail(one, words, mayTryAgain) {
    one.state = "failed";
    say(one, words);
    one.line.querySelector("progress").hidden = true;
    const choices = document.createElement("p");
    choices.className = "row";
    if (mayTryAgain) choices.append(choice(list().dataset.again, one, () => { retry(one, choices); }));
    choices.append(choice(list().dataset.drop, one, () => { drop(one); next(); }));
    one.line.firstElementChild.append(choices);
  }

  function choice(label, one, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn link";
    button.textContent = label;
    const name = document.createElement("span");
    name.className = "hide";
    name.textContent = ` ${one.file.name}`;
    button.append(name);
    button.addEventListener("click", act);
    return button;
  }

  function retry(one, choices) {
    choices.remove();
    one.line.querySelector("progress").hidden = false;
    one.state = "waits";
    say(one, list().dataset.waits);
    next();
  }

  function drop(one) {
    leaving.splice(leaving.indexOf(one), 1);
    one.line.remove();
    board().hidden = leaving.length === 0;
  }

  // ── The form waits for its files ──
  function hold(event) {
    if (!leaving.length || event.submitter?.matches("[data-removal]")) return;
    event.preventDefault();
    const failed = leaving.find((one) => one.state === "failed");
    if (failed) failed.line.querySelector("button").focus();
    else event.target.dataset.held = "yes";
  }

  function goOn(form) {
    delete form.dataset.held;
    if (leaving.length) leaving[0].line.querySelector("button")?.focus(); // one was lost meanwhile
    else form.requestSubmit();
  }

  async function takeAway(event) {
    const button = event.target.closest?.("[data-removal]");
    if (!button?.form) return;
    event.preventDefault();
    await fetch(button.formAction, { method: "POST", body: new FormData(button.form), redirect: "manual" }).catch(() => null);
    renew();
  }

  if (list()?.dataset.address) {
    for (const input of document.querySelectorAll("input[data-files]")) {
      input.form.hidden = false; // of a form that can do nothing without this file
      input.addEventListener("change", () => {
        for (const file of input.files) add(file, input.form);
        input.value = "";
        next();
      });
      input.form.addEventListener("submit", hold);
    }
    list().addEventListener("click", takeAway);
    list().addEventListener("renew", renew); // somebody else has sent one (static/js/talk-chat.js)
  }
  if (list()) watch();
}
