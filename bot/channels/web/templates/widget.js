// Opens Silta inside another site: <script src="…/widget.js" data-lang="so" defer></script>
(() => {
  const script = document.currentScript;
  const labels = {{ labels | tojson }};
  const wanted = script.dataset.lang || document.documentElement.lang || navigator.language;
  const lang = labels[wanted] ? wanted : labels[wanted.split("-")[0]] ? wanted.split("-")[0] : "{{ source }}";
  const base = new URL(script.src).origin;
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(`
    button { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; min-block-size: 3rem;
      padding: .75rem 1.25rem; border: 2px solid #fff; border-radius: 2rem; background: #0b4f6c; color: #fff; font: 600 1rem system-ui, sans-serif; cursor: pointer; }
    button:focus-visible { outline: 3px solid #ffb000; outline-offset: 2px; }
    iframe { position: fixed; inset-block-end: 5rem; inset-inline-end: 1rem; z-index: 2147483000; inline-size: min(26rem, calc(100vw - 2rem));
      block-size: min(40rem, calc(100vh - 6rem)); border: 1px solid #456; border-radius: .75rem; background: #fff; }
    iframe[hidden] { display: none; }`);
  root.adoptedStyleSheets = [style];
  const frame = Object.assign(document.createElement("iframe"), { title: labels[lang].title, hidden: true, allow: "" });
  const button = Object.assign(document.createElement("button"), { type: "button", lang, textContent: labels[lang].open });
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    if (!frame.src) frame.src = `${base}/?embedded=1&lang=${lang}`;
    frame.hidden = !frame.hidden;
    button.setAttribute("aria-expanded", String(!frame.hidden));
    button.textContent = frame.hidden ? labels[lang].open : labels[lang].close;
    if (!frame.hidden) frame.focus();
  });
  root.append(frame, button);
  document.body.append(host);
})();
