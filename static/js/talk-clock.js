// Clocks of a call and a talk. They count from what the server said, so a wrong clock of this computer harms nothing.
{
  const loaded = performance.now();
  const clocks = [...document.querySelectorAll("[data-clock]")];
  const gone = (clock) => Number(clock.dataset.gone) + Math.floor((performance.now() - loaded) / 1000);

  function written(seconds) {
    const whole = Math.max(seconds, 0);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  }

  function tick() {
    for (const clock of clocks) {
      // With an end it counts down to it, without one it counts on.
      clock.textContent = written(clock.dataset.of ? Number(clock.dataset.of) - gone(clock) : gone(clock));
      clock.hidden = false;
    }
    if (clocks.some((clock) => "thenStale" in clock.dataset && gone(clock) >= Number(clock.dataset.of))) {
      clearInterval(ticking);
      document.querySelector("[data-feed]").dispatchEvent(new Event("stale"));
    }
    const words = [...document.querySelectorAll("[data-from]")];
    const due = words.filter((word) => gone(clocks[0]) >= Number(word.dataset.from));
    for (const word of words) word.hidden = word !== due.at(-1);
  }

  const ticking = clocks.length && setInterval(tick, 1000);
  if (clocks.length) tick();
}
