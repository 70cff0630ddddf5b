// A page that waits for something is loaded again as soon as the server says that it moved (core/live.py).
// Without this file, or while no stream is served, the button on the page does the same.
const AGAIN = 15000; // milliseconds: a browser gives up on a stream that was answered with an error page

function listen(address) {
  const stream = new EventSource(address);
  stream.addEventListener("moved", () => {
    stream.close();
    window.location.reload();
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN, address);
  });
}

const waiting = document.querySelector("[data-live]");
for (const promise of waiting.querySelectorAll(".moves")) promise.hidden = false; // kept by this file alone
listen(waiting.dataset.live);
