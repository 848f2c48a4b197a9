// The rehearsal: camera, screen, recorder and network are tried for two minutes at most. What the
// recorder makes is counted and dropped; nothing is sent, nothing is kept.
(() => {
  const LASTS = 120;
  const box = document.getElementById("rehearsal");
  if (!box) return;
  box.hidden = false;
  const button = box.querySelector("button[name=try]");
  const say = (id, ok, more = "") => {
    const words = ok ? box.dataset.done : box.dataset.failed;
    document.getElementById(`check-${id}`).textContent = more ? `${words} (${more})` : words;
  };
  let streams = [];
  let ticking = 0;

  const stop = () => {
    clearInterval(ticking);
    streams.forEach((stream) => stream.getTracks().forEach((track) => track.stop()));
    streams = [];
    for (const video of box.querySelectorAll("video")) video.srcObject = null;
    document.getElementById("left").textContent = "";
    button.disabled = false;
  };

  const see = async (id, asked) => {
    try {
      const stream = await asked;
      streams.push(stream);
      const video = document.getElementById(`see-${id}`);
      video.srcObject = stream;
      video.play();
      say(id, true);
      return stream;
    } catch {
      say(id, false);
      return null;
    }
  };

  const tryFilm = (stream) =>
    new Promise((resolve) => {
      let size = 0;
      const recorder = new MediaRecorder(stream, { videoBitsPerSecond: 250_000 });
      recorder.ondataavailable = (event) => (size += event.data.size);
      recorder.onstop = () => resolve(size > 0);
      recorder.start();
      setTimeout(() => recorder.stop(), 1000);
    });

  const tryNetwork = async () => {
    const begun = performance.now();
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      say("network", answer.ok, `${Math.round(performance.now() - begun)} ms`);
    } catch {
      say("network", false);
    }
  };

  button.addEventListener("click", async () => {
    stop();
    button.disabled = true;
    const devices = navigator.mediaDevices;
    const camera = await see("camera", devices.getUserMedia({ video: true, audio: false }));
    await see("screen", devices.getDisplayMedia({ video: true, audio: false }));
    say("film", camera ? await tryFilm(camera) : false);
    await tryNetwork();
    let left = LASTS;
    ticking = setInterval(() => {
      left -= 1;
      document.getElementById("left").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left <= 0) stop();
    }, 1000);
    button.disabled = false;
  });
  addEventListener("pagehide", stop);
})();
