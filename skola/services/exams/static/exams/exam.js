// The attempt in the browser: camera and screen before the start, the film, the clock, saving.
// The server owns the clock and all decisions; what this script cannot send it keeps and sends later.
(() => {
  const RETRY = 1500;
  const SETTLES = 700;
  const NEWS = 5000;
  const BITS = 250_000;
  const SMALLEST = 200;
  let streams = [];
  let root = document.getElementById("exam");
  if (!root) return;

  // ---- camera and screen

  // A recorder counts from the first picture it gets, so none begins before there is one.
  const firstPicture = (stream) =>
    new Promise((resolve) => {
      const video = document.createElement("video");
      video.muted = true;
      video.addEventListener("loadeddata", resolve, { once: true });
      video.srcObject = stream;
      video.play().catch(() => {});
    });

  const capture = async () => {
    const camera = await navigator.mediaDevices.getUserMedia({
      video: { width: 640, height: 480, frameRate: 10 },
      audio: false,
    });
    try {
      const screen = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: 5 },
        audio: false,
      });
      streams = [["camera", camera], ["screen", screen]];
      await Promise.all([firstPicture(camera), firstPicture(screen)]);
    } catch (refused) {
      camera.getTracks().forEach((track) => track.stop());
      throw refused;
    }
  };

  const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

  const openTake = async (source) => {
    const body = new URLSearchParams({ source });
    for (;;) {
      try {
        const answer = await fetch(root.dataset.takes, { method: "POST", headers: keeping.asking(), body });
        if (answer.ok) return (await answer.json()).parts;
        if (answer.status < 500) return null;
      } catch {
        // no network; try again below
      }
      await keeping.pause(RETRY);
    }
  };

  // Film one source until it is stopped; each part is sealed by the one before it.
  const film = async (source, stream) => {
    const slice = Number(root.dataset.slice);
    const type = ["video/webm;codecs=vp8", "video/webm", "video/mp4"].find((one) => MediaRecorder.isTypeSupported(one));
    const url = await openTake(source);
    if (!url || !stream.active) return null;
    const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: BITS });
    let number = 0;
    let known = 0;
    let seal = new Uint8Array(32);
    let sealing = Promise.resolve();
    let begun = 0;
    let held = [];
    recorder.ondataavailable = (event) => {
      const to = Math.round(performance.now() - begun);
      held.push(event.data);
      const data = new Blob(held);
      // a recorder may cut its first piece after a few bytes; a part is more than that
      if (!data.size || (data.size < SMALLEST && recorder.state !== "inactive")) return;
      held = [];
      const from = to - known > slice + 2000 ? to - slice : known;
      known = to;
      sealing = sealing.then(async () => {
        const bytes = await data.arrayBuffer();
        const both = new Uint8Array(64);
        both.set(seal);
        both.set(await digest(bytes), 32);
        seal = await digest(both);
        await keeping.keep({ url, n: number++, from, to, seal: hex(seal), bytes });
      });
    };
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    begun = performance.now();
    recorder.start(slice);
    stream.getVideoTracks()[0].addEventListener("ended", lostPicture);
    const stop = async () => {
      if (recorder.state !== "inactive") recorder.stop();
      await stopped;
      await sealing;
    };
    return { url, source, stream, stop };
  };

  let takes = [];
  const startFilm = async () => {
    const begun = await Promise.all(streams.map(([source, stream]) => film(source, stream)));
    takes = begun.filter(Boolean);
    light(takes.length === streams.length && takes.length > 0);
  };

  const stopFilm = async () => {
    const ending = takes;
    takes = [];
    await Promise.all(ending.map((take) => take.stop()));
    streams.forEach(([, stream]) => stream.getTracks().forEach((track) => track.stop()));
    light(false);
  };

  // A take that cannot go on is ended, and another one begun; the time between them is a gap.
  keeping.whenBroken(async (url) => {
    const take = takes.find((one) => one.url === url);
    if (!take) return;
    takes = takes.filter((one) => one !== take);
    await take.stop();
    const again = await film(take.source, take.stream);
    if (again) takes.push(again);
  });

  let handing = false;
  const lostPicture = async () => {
    if (handing || !takes.length) return;
    await stopFilm();
    document.getElementById("resume").hidden = false;
  };

  const light = (on, waits = false) => {
    const box = document.getElementById("light");
    if (!box) return;
    box.dataset.state = on ? "on" : "off";
    const words = on ? (waits ? box.dataset.waits : box.dataset.on) : box.dataset.off;
    document.getElementById("light-words").textContent = words;
  };

  // ---- before the start

  const before = () => {
    const form = document.getElementById("begin");
    if (!form || root.dataset.filmed !== "yes") return;
    const denied = document.getElementById("denied");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      denied.hidden = true;
      if (!streams.length) {
        try {
          await capture();
        } catch {
          denied.hidden = false;
          denied.scrollIntoView();
          return;
        }
      }
      form.elements.camera.value = "on";
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("exam");
      if (!fresh) return location.reload();
      root.replaceWith(fresh);
      root = fresh;
      if (root.dataset.state === "running") {
        history.replaceState(null, "", answer.url);
        document.title = page.title;
        running();
        startFilm();
      } else {
        streams.forEach(([, stream]) => stream.getTracks().forEach((track) => track.stop()));
        streams = [];
        before();
      }
    });
  };

  // ---- the paper

  const running = () => {
    const form = document.getElementById("paper");
    const attempt = root.dataset.attempt;
    const state = document.getElementById("saved");
    const entries = () => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const body = (pairs) => {
      const found = new URLSearchParams();
      for (const [name, value] of pairs) found.append(name, value);
      return found;
    };

    let saving = Promise.resolve();
    let settling = 0;
    const save = () => {
      saving = saving.then(async () => {
        const told = entries();
        await keeping.note(attempt, told);
        for (;;) {
          if (handing) return;
          try {
            const answer = await fetch(form.dataset.answers, {
              method: "POST",
              headers: keeping.asking(),
              body: body(told),
            });
            const said = await answer.json();
            if (answer.ok) await keeping.forget(attempt);
            state.textContent = said.saved ?? said.problem;
            if (answer.status === 409) location.assign(root.dataset.after);
            return;
          } catch {
            state.textContent = state.dataset.offline;
            await keeping.pause(RETRY);
            if (JSON.stringify(told) !== JSON.stringify(entries())) return save();
          }
        }
      });
    };

    // The map of the questions says which are answered, which wait for later, and which one is read.
    const links = [...document.querySelectorAll("#map a")];
    const linkOf = (id) => links.find((link) => link.dataset.question === id);
    const say = (link, name, on) => {
      if (on) link.dataset[name] = "yes";
      else delete link.dataset[name];
    };
    const count = (name) => links.filter((link) => link.dataset[name]).length;
    const mark = (input) => {
      const id = input.name === "later" ? input.value : input.name.replace("q-", "");
      const link = linkOf(id);
      if (!link) return;
      if (input.name === "later") say(link, "later", input.checked);
      else say(link, "answered", new FormData(form).getAll(input.name).some((one) => one.trim()));
      document.getElementById("map-done").textContent = count("answered");
      document.getElementById("map-later").textContent = count("later");
    };
    const reading = (question) => {
      for (const link of links) link.removeAttribute("aria-current");
      linkOf(question.dataset.of)?.setAttribute("aria-current", "true");
    };
    const questions = [...form.querySelectorAll("[data-of]")];
    form.addEventListener("focusin", (event) => {
      const question = event.target.closest("[data-of]");
      if (question) reading(question);
    });
    const seen = new IntersectionObserver(
      (entries) => entries.filter((one) => one.isIntersecting).forEach((one) => reading(one.target)),
      { rootMargin: "-30% 0px -65% 0px" },
    );
    questions.forEach((question) => seen.observe(question));
    if (questions.length) reading(questions[0]);

    form.addEventListener("input", (event) => {
      mark(event.target);
      clearTimeout(settling);
      settling = setTimeout(save, SETTLES);
    });

    // What did not reach the server before a reload is put back, and sent.
    keeping.noted(attempt).then((told) => {
      if (!told) return;
      for (const input of form.querySelectorAll("[name^=q-], [name=later]")) {
        const values = told.filter(([name]) => name === input.name).map(([, value]) => value);
        if (["radio", "checkbox"].includes(input.type)) input.checked = values.includes(input.value);
        else input.value = values[0] ?? "";
        mark(input);
      }
      save();
    });

    const handIn = async () => {
      if (handing) return;
      handing = true;
      clearTimeout(settling);
      state.textContent = state.dataset.handing;
      form.inert = true;
      await keeping.note(attempt, entries());
      for (;;) {
        try {
          const answer = await fetch(form.action, { method: "POST", body: body([...new FormData(form)]) });
          if (answer.status < 500) {
            await keeping.forget(attempt);
            await stopFilm();
            for (let turns = 0; turns < 40 && (await keeping.count()); turns++) {
              keeping.pump();
              await keeping.pause(250);
            }
            return location.assign(root.dataset.after);
          }
        } catch {
          // no network; the answers are kept here, try again below
        }
        await keeping.pause(RETRY);
      }
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.name === "hand-in") handIn();
      else save();
    });

    // The clock shows what the server counts; the device's own time does not matter. The invigilator
    // may move the end, so the page asks once more before it hands in.
    let ends = performance.now() + Number(root.dataset.ends) - Number(root.dataset.now);
    const left = document.getElementById("time-left");
    const seconds = () => Math.max(0, Math.round((ends - performance.now()) / 1000));
    const news = async () => {
      try {
        const answer = await fetch(root.dataset.news, { headers: { Accept: "text/html" } });
        if (!answer.ok || answer.redirected) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("news");
        const shown = document.getElementById("news");
        ends = performance.now() + Number(fresh.dataset.ends) - Number(fresh.dataset.now);
        if (fresh.innerHTML !== shown.innerHTML) shown.replaceChildren(...fresh.childNodes);
        if (fresh.dataset.over === "yes" && !handing) {
          handing = true;
          await stopFilm();
          location.assign(root.dataset.after);
        }
      } catch {
        // no network; what was said comes with the next asking
      }
    };
    const asking = setInterval(news, NEWS);
    let ending = false;
    const tick = setInterval(async () => {
      const now = seconds();
      left.textContent = `${Math.floor(now / 60)}:${String(now % 60).padStart(2, "0")}`;
      if (now || ending) return;
      ending = true;
      await news();
      ending = false;
      if (seconds() || handing) return;
      clearInterval(tick);
      clearInterval(asking);
      handIn();
    }, 500);

    const help = document.getElementById("help");
    help.addEventListener("submit", async (event) => {
      event.preventDefault();
      const asked = document.getElementById("asked");
      try {
        const answer = await fetch(help.action, {
          method: "POST",
          headers: keeping.asking(),
          body: body([...new FormData(help)]),
        });
        asked.textContent = answer.ok ? asked.dataset.done : asked.dataset.failed;
        if (answer.ok) help.reset();
        news();
      } catch {
        asked.textContent = asked.dataset.failed;
      }
    });
    const hide = document.getElementById("hide-clock");
    hide.hidden = false;
    hide.addEventListener("click", () => {
      const line = document.getElementById("time-line");
      line.hidden = !line.hidden;
      hide.setAttribute("aria-pressed", String(line.hidden));
    });

    keeping.listen((waiting, offline) => light(takes.length > 0, offline && waiting > 0));
    const resume = document.getElementById("resume");
    if (resume) {
      resume.hidden = streams.length > 0;
      resume.querySelector("button").addEventListener("click", async () => {
        try {
          await capture();
        } catch {
          return;
        }
        resume.hidden = true;
        startFilm();
      });
    }
  };

  if (root.dataset.state === "before") before();
  else running();
  keeping.pump();
})();
