// Tells where a video was stopped, so that it goes on there the next time, on any device.
// Without this script the video plays all the same, from the place that is known.
(() => {
  const video = document.querySelector("video[data-place]");
  const form = video && document.getElementById(video.dataset.place);
  if (!form) return;
  const known = Number(form.elements.seconds.value);
  let told = known;

  const tell = () => {
    const here = video.ended ? 0 : Math.floor(video.currentTime);
    if (here === told) return;
    told = here;
    form.elements.seconds.value = String(here);
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true });
  };

  video.addEventListener("timeupdate", () => {
    if (Math.abs(video.currentTime - told) >= 10) tell();
  });
  for (const moment of ["pause", "ended", "seeked"]) video.addEventListener(moment, tell);
  addEventListener("pagehide", tell);
})();
