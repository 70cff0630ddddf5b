// What goes on now (core/live.py): asked for again when something moves, and twice a minute, because minutes pass as well.
// Without this file, or without a stream, the link on the page does the same.
const board = document.querySelector("[data-board]");
const told = document.querySelector("[data-told]");
const AGAIN = 30000, LEAST = 2000; // milliseconds; many may move at once
let asked = 0;
let waiting = null;

async function look() {
  waiting = null;
  asked = Date.now();
  const answer = await fetch(board.dataset.board, { redirect: "manual" }).catch(() => null);
  if (!answer) return;
  if (!answer.ok) {
    if (answer.status < 500) window.location.reload(); // the session is over, or the right has ended
    return;
  }
  draw(await answer.text());
}

// Whoever stands on a link by keyboard stays on it.
function draw(html) {
  const stands = document.activeElement?.id;
  board.innerHTML = html;
  if (stands) document.getElementById(stands)?.focus();
  const words = board.querySelector("[data-says]").dataset.says;
  if (told.textContent !== words) told.textContent = words;
}

function soon() {
  waiting ??= setTimeout(look, Math.max(0, asked + LEAST - Date.now()));
}

function listen() {
  const stream = new EventSource(board.dataset.stream);
  stream.addEventListener("moved", soon);
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN);
  });
}

if (board.dataset.stream) listen();
setInterval(soon, AGAIN);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") soon();
});
