// The journal by keyboard: Enter and the arrows go from cell to cell, Tab to the history; a cell is sent when
// it is left. Without this script the whole page is sent by its button.
(() => {
  const form = document.querySelector("[data-journal]");
  if (!form) return;
  const said = form.querySelector("[data-said]");
  const token = form.elements.csrfmiddlewaretoken.value;

  const move = (input, step) => {
    const cell = input.closest("td");
    let row = cell.parentElement;
    row = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    const next = row?.cells[cell.cellIndex]?.querySelector("input");
    if (next) { next.focus(); next.select(); } else { input.blur(); }
  };

  const send = async (input, reason) => {
    const cell = input.closest("td");
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token);
    body.set("pupil", input.dataset.pupil);
    body.set("value", input.value);
    body.set("reason", reason);
    try {
      const answer = await fetch(input.dataset.url, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const focused = document.activeElement === input;
      const made = document.createElement("tbody");
      made.innerHTML = `<tr>${await answer.text()}</tr>`;
      const fresh = made.querySelector("td");
      cell.replaceWith(fresh);
      const asks = fresh.querySelector("[data-reason]");
      if (asks) asks.focus(); else if (focused) fresh.querySelector("input").focus();
      said.textContent = "";
    } catch {
      said.textContent = form.dataset.problem;
    }
  };

  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.closest(".journal-cell")) return;
    if (input.matches("[data-reason]")) {
      if (event.key === "Enter") { event.preventDefault(); input.blur(); }
      return;
    }
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const aside = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (aside) {
      const at = aside > 0 ? input.value.length : 0;
      const isAll = input.selectionStart === 0 && input.selectionEnd === input.value.length;
      if (!isAll && (input.selectionStart !== at || input.selectionEnd !== at)) return;
      const cell = input.closest("td");
      const next = (aside > 0 ? cell.nextElementSibling : cell.previousElementSibling)?.querySelector("input");
      if (next) { event.preventDefault(); next.focus(); next.select(); }
      return;
    }
    if (!step) return;
    event.preventDefault();
    move(input, step);
  });

  form.addEventListener("change", (event) => {
    const input = event.target;
    const cell = input.closest(".journal-cell");
    if (!cell) return;
    const mark = cell.querySelector("input[data-url]");
    const reason = cell.querySelector("[data-reason]");
    send(mark, input === reason ? reason.value : form.elements.reason.value);
  });
})();
