// Keys for the class list: arrows go from pupil to pupil, A absent, L late, P present.
// Without this script every pupil is a button that can be tapped, and the page saves as a whole.
(() => {
  const roll = document.querySelector("[data-roll]");
  if (!roll || !window.htmx) return;
  const keys = { a: "absent", l: "late", p: "present" };

  roll.addEventListener("keydown", (event) => {
    const button = event.target.closest(".roll-state");
    if (!button || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...roll.querySelectorAll(".roll-state")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      all[all.indexOf(button) + step]?.focus();
      return;
    }
    const was = keys[event.key.toLowerCase()];
    if (!was) return;
    event.preventDefault();
    const token = roll.closest("form").elements.csrfmiddlewaretoken.value;
    window.htmx.ajax("POST", button.dataset.post, {
      target: `#p-${button.value}`,
      swap: "outerHTML",
      values: { csrfmiddlewaretoken: token, tap: button.value, was },
    }).then(() => document.getElementById(button.id)?.focus());
  });
})();
