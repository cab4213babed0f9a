// Small comforts; every page works without them: the list refreshes itself, text is copied by a
// click, and whoever writes for long is told before the session ends.
const EVERY = 20_000; // milliseconds
const WARNING = 120_000; // before the session ends (WCAG 2.2, 2.2.1)

const ending = document.getElementById("ending");
if (ending) warnInTime(ending);

function warnInTime(ending) {
  const [soon, over] = ending.querySelectorAll("template");
  const until = ending.dataset.minutes * 60_000;
  let timers = [];
  const begin = () => {
    timers.forEach(clearTimeout);
    timers = [setTimeout(warn, Math.max(until - WARNING, 0)), setTimeout(end, until)];
  };
  const say = (template) => ending.replaceChildren(soon, over, template.content.cloneNode(true));
  const end = () => say(over);
  const warn = () => {
    say(soon);
    ending.querySelector("button").addEventListener("click", async () => {
      const response = await fetch("/desk/me/alive", { redirect: "manual" }).catch(() => null);
      if (response?.status !== 204) return end();
      ending.replaceChildren(soon, over);
      begin();
    });
  };
  begin();
}

const rows = document.getElementById("rows");
if (rows) keepFresh(rows, document.getElementById("news"));

function keepFresh(rows, news) {
  let tag = "";
  const refresh = async () => {
    if (document.hidden) return;
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const response = await fetch(rows.dataset.source, { headers });
      if (response.status === 401) {
        news.textContent = news.dataset.ended;
        clearInterval(timer);
      } else if (response.ok) {
        const first = !tag;
        tag = response.headers.get("ETag") ?? "";
        replace(rows, await response.text());
        news.textContent = first ? "" : news.dataset.changed;
      }
    } catch {
      news.textContent = news.dataset.offline;
    }
  };
  const timer = setInterval(refresh, rows.dataset.every ? rows.dataset.every * 1000 : EVERY);
  document.addEventListener("visibilitychange", refresh);
}

function replace(rows, html) {
  const focused = rows.contains(document.activeElement) && document.activeElement.getAttribute("href");
  rows.innerHTML = html; // made by our own server, from the template that made the page
  if (focused) rows.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(source.value);
      button.textContent = button.dataset.done;
    } catch {
      source.focus();
      source.select(); // the browser does not let a script copy: one key does it
    }
  });
}

for (const button of document.querySelectorAll("button[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
