// «Check the connection»: what this device can do. Nothing leaves it but the wish for a sample to measure the speed with.
{
  const check = document.querySelector("[data-check]");
  const wanted = { width: Number(check.dataset.width), height: Number(check.dataset.height), speed: Number(check.dataset.speed) };
  const LISTENS = 6000, GATHERS = 6000, LOADS = 10000; // milliseconds; a sample takes four seconds at the least speed that suffices
  const LOUD = 0.02; // of 1: a voice, and not the noise of a quiet room
  const results = {};
  check.hidden = false;

  function show(item, what, detail = "") {
    results[item] = what;
    const line = document.querySelector(`[data-item="${item}"]`);
    for (const tag of line.querySelectorAll("[data-is]")) tag.hidden = tag.dataset.is !== what;
    line.querySelector("[data-detail]").textContent = detail;
  }

  // ── One after the other, as they are needed ──
  async function begin() {
    show("browser", browserSuffices() ? "ok" : "bad");
    for (const item of ["camera", "microphone", "speed", "relay"]) show(item, "busy");
    const checks = { camera, microphone, speed, relay };
    await Promise.all(Object.entries(checks).map(([item, each]) => each().catch(() => show(item, "bad"))));
    judge();
  }

  function browserSuffices() {
    return Boolean(window.RTCPeerConnection && navigator.mediaDevices?.getUserMedia && window.EventSource);
  }

  async function camera() {
    const stream = await devices("camera", { video: { width: { ideal: 1280 }, height: { ideal: 720 } } });
    if (!stream) return;
    const { width = 0, height = 0 } = stream.getVideoTracks()[0].getSettings();
    const picture = check.querySelector("[data-picture]");
    picture.hidden = false;
    picture.querySelector("video").srcObject = stream;
    // A telephone that is held upright gives the same picture turned.
    const [long, short] = [Math.max(width, height), Math.min(width, height)];
    show("camera", long >= wanted.width && short >= wanted.height ? "ok" : "bad", `${width} × ${height}`);
    setTimeout(() => { stop(stream); picture.hidden = true; }, LISTENS);
  }

  async function microphone() {
    const stream = await devices("microphone", { audio: true });
    if (!stream) return;
    const sound = new AudioContext();
    const analyser = sound.createAnalyser();
    sound.createMediaStreamSource(stream).connect(analyser);
    const loudest = await listen(analyser);
    stop(stream);
    sound.close();
    show("microphone", loudest >= LOUD ? "ok" : "bad");
  }

  function listen(analyser) {
    const level = check.querySelector("[data-level]");
    const samples = new Float32Array(analyser.fftSize);
    const ends = performance.now() + LISTENS;
    let loudest = 0;
    level.hidden = false;
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
        loudest = Math.max(loudest, loud);
        level.querySelector("meter").value = Math.min(loud * 4, 1);
        if (performance.now() < ends) return;
        clearInterval(timer);
        level.hidden = true;
        resolve(loudest);
      }, 100);
    });
  }

  async function devices(item, which) {
    try {
      return await navigator.mediaDevices.getUserMedia(which);
    } catch {
      show(item, "bad");
      return null;
    }
  }

  function stop(stream) {
    for (const track of stream.getTracks()) track.stop();
  }

  async function speed() {
    const slow = new AbortController();
    const timer = setTimeout(() => slow.abort(), LOADS); // nobody waits minutes to read that it is too slow
    try {
      await load(slow.signal);
    } catch { // it broke off, or took too long
      show("speed", "bad");
    }
    clearTimeout(timer);
  }

  async function load(signal) {
    const began = performance.now();
    const answer = await fetch(check.dataset.sample, { cache: "no-store", signal });
    if (!answer.ok) { show("speed", answer.status === 429 ? "unknown" : "bad"); return; }
    const bits = (await answer.arrayBuffer()).byteLength * 8;
    const rate = bits / ((performance.now() - began) / 1000) / 1e6;
    show("speed", rate >= wanted.speed ? "ok" : "bad", `${rate.toFixed(1)} ${check.dataset.unit}`);
  }

  // Only whoever talks gets credentials for the relay. Without them it refuses (401), and a refusal proves the path.
  async function relay() {
    const urls = check.dataset.relays.split(" ").filter(Boolean);
    if (!urls.length || !window.RTCPeerConnection) { show("relay", "unknown"); return; }
    const connection = new RTCPeerConnection({ iceServers: [{ urls, username: "check", credential: "check" }], iceTransportPolicy: "relay" });
    connection.createDataChannel("check");
    const reached = new Promise((resolve) => {
      connection.onicecandidateerror = ({ errorCode }) => { if (errorCode >= 400 && errorCode < 500) resolve("ok"); };
      setTimeout(resolve, GATHERS, "onicecandidateerror" in RTCPeerConnection.prototype ? "bad" : "unknown");
    });
    await connection.setLocalDescription(await connection.createOffer());
    show("relay", await reached);
    connection.close();
  }

  // ── The loudspeaker: only a person knows ──
  const heard = check.querySelector("[data-heard]");

  async function tone() {
    const sound = new AudioContext();
    const voice = sound.createOscillator();
    const loudness = sound.createGain();
    loudness.gain.value = 0.2;
    voice.frequency.value = 440;
    voice.connect(loudness).connect(sound.destination);
    voice.start();
    voice.stop(sound.currentTime + 1.5);
    voice.onended = () => { sound.close(); heard.hidden = false; heard.querySelector("button").focus(); };
  }

  heard.addEventListener("click", ({ target }) => {
    if (!target.value) return;
    show("speaker", target.value);
    heard.hidden = true;
    judge();
  });

  // ── What follows for each channel ──
  function judge() {
    const fails = (...items) => items.some((item) => results[item] === "bad");
    const audio = fails("browser", "microphone", "speaker", "speed", "relay") ? "bad" : "ok";
    show("audio", audio);
    show("video", audio === "ok" && results.camera === "ok" ? "ok" : "bad");
  }

  check.querySelector("[data-begin]").addEventListener("click", begin);
  check.querySelector("[data-tone]").addEventListener("click", tone);
}
