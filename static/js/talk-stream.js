// One stream for the page of a talk (telemed.views.media.news). What comes is handed on as events of the element
// that names it: `message` and `channel` and `signal`. The server numbers them, so a stream that is opened again goes on
// where the last one broke off, whichever process answers.
{
  const AGAIN = 2000; // milliseconds: a browser gives up on a stream that was answered with an error page
  const root = document.querySelector("[data-feed]");
  let seen = root.dataset.cursor;
  let leaving = false;

  function listen() {
    const stream = new EventSource(`${root.dataset.feed}?since=${encodeURIComponent(seen)}`);
    const hand = (name, read) => stream.addEventListener(name, (event) => {
      seen = event.lastEventId || seen;
      root.dispatchEvent(new CustomEvent(name, { detail: read(event.data) }));
    });
    hand("message", JSON.parse);
    hand("signal", JSON.parse);
    hand("channel", String);
    // A page without sound and picture has nothing to adapt: it is drawn anew.
    stream.addEventListener("channel", () => { if (!root.querySelector("[data-media]")) anew(); });
    stream.addEventListener("moved", () => {
      stream.close();
      anew();
    });
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) setTimeout(listenAgain, AGAIN);
    });
  }

  // Whoever has something to do before hands in a promise (draft.js). A form that was sent has its own answer: loading this
  // page would take that away.
  async function anew() {
    const first = [];
    root.dispatchEvent(new CustomEvent("anew", { detail: first, bubbles: true }));
    await Promise.allSettled(first);
    if (!leaving) window.location.reload();
  }

  document.addEventListener("submit", (event) => { leaving ||= !event.defaultPrevented; });
  window.addEventListener("pageshow", () => { leaving = false; });

  // Signed out meanwhile, or not one's own any more: the page says so. Otherwise the house was away for a moment.
  async function listenAgain() {
    const page = await fetch(window.location.href, { method: "HEAD", redirect: "manual" }).catch(() => null);
    if (page && !page.ok && page.status < 500) window.location.reload();
    else listen();
  }

  root.addEventListener("stale", anew);
  // When the others have said what they wait for.
  window.addEventListener("DOMContentLoaded", listen);
}
