// A film that came in parts does not say how long it is. The player finds out by looking at its end.
(() => {
  for (const video of document.querySelectorAll("video[data-length]")) {
    const measure = () => {
      if (Number.isFinite(video.duration)) return;
      video.addEventListener("seeked", () => (video.currentTime = 0), { once: true });
      video.currentTime = 1e7;
    };
    if (video.readyState) measure();
    else video.addEventListener("loadedmetadata", measure, { once: true });
  }
})();
