// A whole date pasted into any of the three boxes is spread over them: 14.03.1961, 14/03/1961, 14 03 1961, 1961-03-14.
// Without this file the server understands it in one box just as well.
const DAY_FIRST = /^\s*(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})\s*$/;
const YEAR_FIRST = /^\s*(\d{4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,2})\s*$/;

function dateParts(text) {
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) return dayFirst.slice(1);
  const yearFirst = YEAR_FIRST.exec(text);
  return yearFirst ? yearFirst.slice(1).reverse() : null;
}

document.addEventListener("paste", (event) => {
  const boxes = event.target.closest?.("[data-date-boxes]")?.querySelectorAll("input");
  const parts = boxes && dateParts(event.clipboardData.getData("text"));
  if (!parts) return;
  event.preventDefault();
  boxes.forEach((box, index) => { box.value = parts[index]; });
  boxes[boxes.length - 1].focus();
});
