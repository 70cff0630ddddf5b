// A quick phrase goes into the box of a message, behind whatever stands there. Without a script its link does the same.
document.addEventListener("click", (event) => {
  const phrase = event.target.closest("[data-phrase]");
  const box = document.querySelector("form[data-say] textarea");
  if (!phrase || !box) return;
  event.preventDefault();
  box.value = [box.value.trim(), phrase.textContent].filter(Boolean).join(" ");
  box.focus();
});
