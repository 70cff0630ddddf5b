// A telephone that rings, for whoever has asked for it: browsers let a page sound after a press, and so do we. The address
// keeps the wish (?ring=yes), and nothing else does: the page of the call, which comes by itself, goes on ringing where the
// browser allows it, and rings no more once somebody has chosen there.
{
  const STROKE = 1.2, PAUSE = 1.8; // seconds
  const PAIR = [440, 523]; // hertz
  const place = document.querySelector("[data-ring]");
  const rings = document.querySelector("[data-rings]");
  const address = new URL(window.location.href);
  let sound = null;

  async function allow() {
    sound ??= new AudioContext();
    await Promise.race([sound.resume(), new Promise((resolve) => setTimeout(resolve, 300))]); // refused, it waits for ever
    return sound.state === "running";
  }

  function stroke() {
    const loudness = sound.createGain();
    loudness.gain.setValueAtTime(0.2, sound.currentTime);
    loudness.gain.linearRampToValueAtTime(0, sound.currentTime + STROKE);
    loudness.connect(sound.destination);
    const tones = PAIR.map((pitch) => {
      const tone = sound.createOscillator();
      tone.frequency.value = pitch;
      tone.connect(loudness);
      tone.start();
      tone.stop(sound.currentTime + STROKE);
      return tone;
    });
    return new Promise((resolve) => { tones.at(-1).onended = resolve; });
  }

  function show(isOn) {
    place.hidden = false;
    place.querySelector("[data-ring-off]").hidden = isOn;
    place.querySelector("[data-ring-on]").hidden = !isOn;
  }

  async function agree() {
    if (!await allow()) return;
    stroke();
    address.searchParams.set("ring", "yes");
    history.replaceState(null, "", address);
    show(true);
  }

  async function begin() {
    const isOn = address.searchParams.has("ring") && await allow();
    if (place) show(isOn);
    if (!rings || !isOn) return;
    stroke();
    setInterval(stroke, (STROKE + PAUSE) * 1000);
  }

  place?.querySelector("button").addEventListener("click", agree);
  // The page is drawn anew because something has happened: it is heard here first, for on some phones the next page is mute.
  document.addEventListener("anew", ({ detail }) => { if (place && sound?.state === "running" && address.searchParams.has("ring")) detail.push(stroke()); });
  if (window.AudioContext && document.querySelector("[data-live], [data-feed]")) begin();
}
