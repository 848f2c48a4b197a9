// After the exam: parts of the film that are still on this device are sent, and the page says so.
(() => {
  const line = document.getElementById("waiting-parts");
  keeping.listen((waiting) => {
    line.hidden = !waiting;
    line.textContent = waiting ? line.dataset.words : "";
  });
  keeping.pump();
})();
