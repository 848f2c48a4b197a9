// What was said last is in sight, and a message that was sent leaves the form empty.
// Without this script the form sends and the page loads anew.
(() => {
  const down = () => {
    const log = document.querySelector("#talk .talk");
    if (log) log.scrollTop = log.scrollHeight;
  };
  down();
  document.body.addEventListener("htmx:afterSettle", down);
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form[data-say]");
    if (!form || !event.detail.successful) return;
    form.reset();
    form.elements.body.focus();
  });
})();
