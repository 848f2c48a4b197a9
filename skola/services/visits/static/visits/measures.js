// Tells a provider that counts visits or advertisements what the page gives it, and nothing else.
// The page has this script only for a visitor who allowed its kind of cookies.
(() => {
  const told = document.currentScript.dataset;
  const said = new URLSearchParams(JSON.parse(told.says));
  if (told.cookie) {
    const mine = document.cookie.split("; ").find((one) => one.startsWith(`${told.cookie}=`));
    let number = mine && mine.slice(told.cookie.length + 1);
    if (!number) {
      const drawn = crypto.getRandomValues(new Uint32Array(2));
      number = `GA1.1.${drawn[0]}.${drawn[1]}`;
      const guarded = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `${told.cookie}=${number}; Max-Age=${told.seconds}; Path=/; SameSite=Lax${guarded}`;
    }
    said.set("cid", number.split(".").slice(-2).join("."));
  }
  fetch(`https://${told.host}${told.path}?${said}`, {
    method: "POST", mode: "no-cors", keepalive: true, credentials: "omit", referrerPolicy: "no-referrer",
  }).catch(() => {});
})();
