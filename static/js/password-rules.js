// Shows which rules a password meets while it is typed, and lets it be seen. The server checks the same rules.
for (const list of document.querySelectorAll("[data-rules-of]")) {
  const input = document.getElementById(list.dataset.rulesOf);
  const rules = [...list.children].map((line) => ({ line, pattern: new RegExp(line.dataset.pattern, "u"), words: line.textContent }));
  const check = () => {
    for (const { line, pattern, words } of rules) {
      const met = pattern.test(input.value);
      if (met === line.classList.contains("met")) continue;
      line.classList.toggle("met", met);
      line.textContent = met ? `${words}, ${list.dataset.met}` : words;
    }
  };
  input.addEventListener("input", check);
  check();
}

for (const holder of document.querySelectorAll("[data-peek]")) {
  const input = holder.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn alt";
  button.textContent = holder.dataset.show;
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? holder.dataset.show : holder.dataset.hide;
    button.setAttribute("aria-pressed", String(!shown));
  });
  // A password that is being sent is hidden again, so that the browser offers to remember it.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
  holder.append(button);
}
