// Small comforts; every page works without them: the list refreshes itself, text is copied by a
// click, and whoever is about to delete is asked once more.
const EVERY = 20_000; // milliseconds

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
  const timer = setInterval(refresh, EVERY);
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
