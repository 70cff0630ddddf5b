// Sound and picture between two browsers: «perfect negotiation» (the patient's side gives way), its messages sent by
// POST and heard through the stream. Whoever joins says hello, and the other side begins a new connection with exactly
// that page: so a reloaded page, a second window or a restarted process needs nothing more than another hello.
{
  const AGAIN = 700, TRIES = 40; // milliseconds, and how often a word is sent again
  const root = document.querySelector("[data-feed]");
  const call = root.querySelector("[data-media]");
  const token = call.querySelector("[name=csrfmiddlewaretoken]").value;
  const [theirs, own] = ["[data-theirs]", "[data-own]"].map((video) => call.querySelector(video));
  const pictures = call.querySelector("[data-pictures]");
  const [mute, again, aloud] = ["[data-mute]", "[data-again]", "[data-aloud]"].map((button) => call.querySelector(button));
  const peer = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const givesWay = call.dataset.side === "patient";
  const local = new MediaStream();

  let channel = call.dataset.channel;
  let servers = [];
  let after = Infinity; // signals up to this number are not for us
  let early = []; // heard before we know which
  let connection = null;
  let other = "";
  let offering = false, ignoring = false, aside = false;
  let sending = Promise.resolve();

  // ── Joining ──
  async function join() {
    aside = false;
    again.hidden = true;
    say("connecting");
    await takeDevices();
    const answer = await post(call.dataset.join, { peer });
    if (!answer?.ok) return;
    ({ after, iceServers: servers } = await answer.json());
    early.splice(0).forEach(hear);
  }

  function wanted() {
    return { video: ["audio", "video"], audio: ["audio"] }[channel] ?? [];
  }

  async function takeDevices() {
    for (const track of local.getTracks().filter((one) => !wanted().includes(one.kind))) drop(track);
    for (const kind of wanted().filter((one) => !local.getTracks().some((track) => track.kind === one))) {
      try {
        const taken = await navigator.mediaDevices.getUserMedia({ [kind]: kind === "video" ? { width: { ideal: 1280 }, height: { ideal: 720 } } : true });
        for (const track of taken.getTracks()) add(track);
      } catch {
        say("devices"); // whoever cannot be heard may still hear
      }
    }
    own.srcObject = local;
    pictures.hidden = channel !== "video";
    mute.hidden = local.getAudioTracks().length === 0;
  }

  function add(track) {
    local.addTrack(track);
    connection?.addTrack(track, local);
  }

  function drop(track) {
    const sender = connection?.getSenders().find((one) => one.track === track);
    if (sender) connection.removeTrack(sender);
    track.stop();
    local.removeTrack(track);
  }

  // ── The connection with the other page ──
  function connect(page) {
    connection?.close();
    other = page;
    offering = ignoring = false;
    const fresh = connection = new RTCPeerConnection({ iceServers: servers });
    for (const track of local.getTracks()) fresh.addTrack(track, local);
    for (const kind of wanted()) {
      if (!local.getTracks().some((track) => track.kind === kind)) fresh.addTransceiver(kind, { direction: "recvonly" });
    }
    fresh.onnegotiationneeded = async () => {
      try {
        offering = true;
        await fresh.setLocalDescription();
        if (fresh === connection) tell(fresh.localDescription.type, { sdp: fresh.localDescription.sdp });
      } finally {
        offering = false;
      }
    };
    fresh.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate && fresh === connection) {
        tell("candidate", { candidate: candidate.candidate, mid: candidate.sdpMid ?? "", line: candidate.sdpMLineIndex ?? "", fragment: candidate.usernameFragment ?? "" });
      }
    };
    fresh.ontrack = ({ streams: [stream] }) => {
      if (theirs.srcObject !== stream) theirs.srcObject = stream;
      play();
    };
    fresh.onconnectionstatechange = () => {
      if (fresh.connectionState === "connected") say("connected");
      if (["disconnected", "failed"].includes(fresh.connectionState)) say("lost");
      if (fresh.connectionState === "failed") fresh.restartIce();
    };
  }

  root.addEventListener("signal", ({ detail }) => hear(detail));

  function hear(signal) {
    if (after === Infinity) {
      early.push(signal);
    } else if (signal.id > after && !aside) {
      if (signal.mine) stepAside(signal);
      else if (signal.kind === "hello") connect(signal.peer);
      else if (signal.to === peer) listen(signal).catch(() => say("lost"));
    }
  }

  async function listen(signal) {
    if (signal.kind === "offer" && signal.peer !== other) connect(signal.peer);
    if (signal.peer !== other || !connection) return;
    const page = connection;
    if (signal.kind === "candidate") {
      const { candidate, mid, line, fragment } = signal;
      await page.addIceCandidate({ candidate, sdpMid: mid, sdpMLineIndex: line, usernameFragment: fragment || null })
        .catch((error) => { if (!ignoring) throw error; });
      return;
    }
    ignoring = signal.kind === "offer" && !givesWay && (offering || page.signalingState !== "stable");
    if (ignoring) return;
    await page.setRemoteDescription({ type: signal.kind, sdp: signal.sdp });
    if (signal.kind !== "offer") return;
    await page.setLocalDescription();
    tell(page.localDescription.type, { sdp: page.localDescription.sdp });
  }

  // Another window of the same person has joined: two would answer at once.
  function stepAside(signal) {
    if (signal.peer === peer) return;
    aside = true;
    connection?.close();
    connection = null;
    for (const track of local.getTracks()) drop(track);
    say("elsewhere");
    again.hidden = false;
  }

  // ── Sending, one word after the other ──
  function tell(kind, facts) {
    const words = { peer, to: other, kind, ...facts };
    sending = sending.then(() => post(call.dataset.signals, words));
  }

  async function post(address, fields) {
    const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token });
    for (let tries = 0; tries < TRIES && !aside; tries += 1) {
      const answer = await fetch(address, { method: "POST", body }).catch(() => null);
      if (answer && answer.status !== 429 && answer.status < 500) return answer;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
    return null;
  }

  // ── What the person sees and presses ──
  function say(what) {
    for (const words of call.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== what;
    call.dataset.is = what;
  }

  // On a page that nobody has touched yet, as after a link from an SMS, a browser may let nothing sound.
  async function play() {
    const refusal = await theirs.play().then(() => "", (error) => error.name);
    if (refusal !== "AbortError") aloud.hidden = refusal !== "NotAllowedError"; // else another stream has come since
  }

  aloud.addEventListener("click", play);

  mute.addEventListener("click", () => {
    for (const words of mute.children) words.hidden = !words.hidden;
    for (const track of local.getAudioTracks()) track.enabled = !track.enabled;
  });

  again.addEventListener("click", () => { after = Infinity; join(); });

  // The other side, or our own form, has chosen another channel. Chat and telephone need no connection.
  root.addEventListener("channel", async ({ detail }) => {
    const needed = wanted().length;
    channel = detail;
    for (const button of root.querySelectorAll("[data-switch] button")) button.hidden = button.value === channel;
    if (!needed || !wanted().length) root.dispatchEvent(new Event("stale"));
    else await takeDevices();
  });

  // Whatever the doctor looks up meanwhile opens beside the talk: leaving this page would cut it off.
  if (!givesWay) {
    for (const link of document.querySelectorAll("a[href^='/']")) link.target = "_blank";
  }

  join();
}
