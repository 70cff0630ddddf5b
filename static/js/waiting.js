// The place in the queue: asked for twice a minute, and at once when the phone wakes up or the network is back. Without
// this file the page loads itself anew. That the doctor calls, live.js hears earlier.
{
  const AGAIN = 30000; // milliseconds
  const place = document.querySelector("[data-place]");
  const lost = document.querySelector("[data-lost]");

  async function look() {
    try {
      const answer = await fetch(place.dataset.place, { redirect: "manual" });
      if (!answer.ok || answer.status === 204) {
        if (answer.status < 500) window.location.reload(); // the wait is over, or so is the session
        return;
      }
      const told = await answer.text();
      if (place.innerHTML !== told) place.innerHTML = told;
      lost.hidden = true;
    } catch {
      lost.hidden = false;
    }
  }

  setInterval(look, AGAIN);
  window.addEventListener("online", look);
  window.addEventListener("offline", () => { lost.hidden = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
}
