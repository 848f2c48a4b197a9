// Keeps on this device what has not reached the server yet: parts of the film, and answers. Each is
// deleted once the server has it. Parts are sent one after the other, in the order they were made.
const keeping = (() => {
  const RETRY = 1500;
  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("skola-exams", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("parts", { autoIncrement: true });
      asked.result.createObjectStore("answers");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  const inside = async (store, mode, act) => {
    const transaction = (await opened).transaction(store, mode);
    const asked = act(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked && asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };

  const first = () =>
    new Promise(async (resolve, reject) => {
      const asked = (await opened).transaction("parts").objectStore("parts").openCursor();
      asked.onsuccess = () => resolve(asked.result && { key: asked.result.key, ...asked.result.value });
      asked.onerror = () => reject(asked.error);
    });

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const asking = () => ({ "X-CSRFToken": token(), Accept: "application/json" });

  // Tell whether a part may be forgotten here: the server has it, or will never take it. Parts are sent
  // in their order, so one that comes too early follows one that is lost: its take cannot go on.
  const broken = [];
  const send = async (part) => {
    const query = new URLSearchParams({ n: part.n, from: part.from, to: part.to, seal: part.seal });
    const answer = await fetch(`${part.url}?${query}`, {
      method: "POST",
      headers: { ...asking(), "Content-Type": "application/octet-stream" },
      body: part.bytes,
    });
    if (answer.ok) return true;
    const lost = answer.status === 409 && (await answer.json()).expected < part.n;
    if (lost || [413, 422].includes(answer.status)) broken.forEach((tell) => tell(part.url));
    return [403, 404, 409, 410, 413, 422].includes(answer.status);
  };

  let pumping = false;
  const listeners = [];
  const tell = (waiting, offline) => listeners.forEach((listen) => listen(waiting, offline));

  const pump = async () => {
    if (pumping) return;
    pumping = true;
    try {
      for (let part = await first(); part; part = await first()) {
        let done = false;
        try {
          done = await send(part);
          tell(await count(), false);
        } catch {
          tell(await count(), true);
        }
        if (done) await inside("parts", "readwrite", (store) => store.delete(part.key));
        else await pause(RETRY);
      }
      tell(0, false);
    } finally {
      pumping = false;
    }
  };

  const count = () => inside("parts", "readonly", (store) => store.count());
  const keep = async (part) => {
    await inside("parts", "readwrite", (store) => store.add(part));
    pump();
  };

  addEventListener("online", pump);
  return {
    keep,
    pump,
    count,
    pause,
    asking,
    whenBroken: (tell) => broken.push(tell),
    listen: (listener) => listeners.push(listener),
    note: (attempt, entries) =>
      inside("answers", "readwrite", (store) => store.put(entries, attempt)),
    noted: (attempt) => inside("answers", "readonly", (store) => store.get(attempt)),
    forget: (attempt) => inside("answers", "readwrite", (store) => store.delete(attempt)),
  };
})();
