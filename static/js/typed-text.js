// Another language is another load of the page. What was typed into a form marked data-keeps-text goes along: it waits in
// this tab until the next page takes it. Passwords, PINs, codes and passports (data-secret, data-peek) are left out, and
// so are ticks: who agrees reads the text first. Without this file the boxes come back empty.
const TYPED = "typed";
const BOXES = ["input[type=text]", "input[type=email]", "input[type=tel]"]
  .map((box) => `form[data-keeps-text] ${box}:not([data-secret], [data-peek] *)`).join(", ");

document.querySelector(".langs")?.addEventListener("submit", () => {
  const typed = [...document.querySelectorAll(BOXES)].filter((box) => box.value).map((box) => [box.id, box.value]);
  if (typed.length) sessionStorage.setItem(TYPED, JSON.stringify([location.pathname, typed]));
});

const [page, typed] = JSON.parse(sessionStorage.getItem(TYPED) ?? "[]");
sessionStorage.removeItem(TYPED);
if (page === location.pathname) {
  const texts = new Map(typed);
  for (const box of document.querySelectorAll(BOXES)) box.value = texts.get(box.id) ?? box.value;
}
