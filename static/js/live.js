// A page that waits for something is loaded again as soon as the server says that it moved (core/live.py).
// Without this file, or while no stream is served, the button on the page does the same.
{
  const AGAIN = 15000; // milliseconds: a browser gives up on a stream that was answered with an error page
  const LEAVES = 5000; // milliseconds: whoever has just pressed something is on the way, which loading anew would call off
  let pressedAt = -LEAVES;
  window.addEventListener("beforeunload", () => {
    pressedAt = performance.now();
  });

  function listen(address) {
    const stream = new EventSource(address);
    stream.addEventListener("moved", async () => {
      stream.close();
      const first = []; // whoever has something to do before hands in a promise (ring.js)
      document.dispatchEvent(new CustomEvent("anew", { detail: first }));
      await Promise.allSettled(first);
      setTimeout(() => window.location.reload(), Math.max(0, pressedAt + LEAVES - performance.now()));
    });
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN, address);
    });
  }

  const waiting = document.querySelector("[data-live]");
  for (const promise of waiting.querySelectorAll(".moves")) promise.hidden = false; // kept by this file alone
  listen(waiting.dataset.live);
}
