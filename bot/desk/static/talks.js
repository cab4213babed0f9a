// A live talk: messages refresh themselves, phrases are found while typing, sending does not
// reload the page. Without this everything works by forms and reloading.
const messages = document.getElementById("messages");
const news = document.getElementById("news");
const found = document.getElementById("found");
const text = document.getElementById("text");
const EVERY = 2_500, TYPING = 4_000, PAUSE = 250; // milliseconds
const DRAFT = `silta-draft ${location.pathname}`;
let tag = "", typed = 0;

// What is typed and not yet sent survives a reload of this tab, and nothing longer than the tab.
if (text && !text.value) text.value = sessionStorage.getItem(DRAFT) ?? "";
if (!text) sessionStorage.removeItem(DRAFT);
const keep = () => sessionStorage.setItem(DRAFT, text.value);
const ended = (response) => response.status === 401 || response.redirected && !response.url.includes("/desk/talks/");

const live = messages && "live" in messages.dataset;
if (live) setInterval(refresh, EVERY);
messages?.scrollTo(0, messages.scrollHeight);

async function refresh() {
  if (document.hidden) return;
  const typing = Date.now() - typed < TYPING ? "?typing=1" : "";
  try {
    const response = await fetch(messages.dataset.source + typing, { headers: tag ? { "If-None-Match": tag } : {} });
    if (ended(response)) { news.textContent = news.dataset.ended; return; }
    if (response.status !== 200) return;
    tag = response.headers.get("ETag") ?? "";
    const atEnd = messages.scrollTop + messages.clientHeight > messages.scrollHeight - 60;
    const html = await response.text();
    if (html.trim() !== messages.innerHTML.trim()) messages.innerHTML = html; // our own server's
    if (atEnd) messages.scrollTo(0, messages.scrollHeight);
    if (news.textContent !== news.dataset.ended) news.textContent = "";
  } catch {
    news.textContent = news.dataset.offline;
  }
}

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

async function send(form) {
  const button = form.querySelector("button");
  const sent = form.elements.text?.value;
  button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (ended(response)) { news.textContent = news.dataset.ended; return; }
    if (new URL(response.url).searchParams.has("problem")) { location.href = response.url; return; }
    if (!response.ok) throw new Error(String(response.status));
    form.elements.delivery.value = newId();
    if (text && form.elements.text === text && text.value === sent) { text.value = ""; keep(); } // else she typed on
    if (form.elements.phrase) found.replaceChildren();
    typed = 0;
    await refresh();
  } catch {
    news.textContent = news.dataset.offline; // the same delivery is sent again: it is one message
  } finally {
    button.disabled = false;
  }
}

// Whether nothing more is to be done: found, or the session has ended, which is said.
async function find(form) {
  const asked = new URLSearchParams(new FormData(form));
  const response = await fetch(`${found.dataset.source}?${asked}`).catch(() => null);
  if (response && ended(response)) { news.textContent = news.dataset.ended; return true; }
  if (response?.ok) found.innerHTML = await response.text(); // our own server's
  return response?.ok;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if ("sends" in form.dataset) {
    event.preventDefault();
    send(form);
  } else if ("finds" in form.dataset && found) {
    event.preventDefault();
    if (!(await find(form))) form.submit();
    else if (form.id !== "finder") found.querySelector("input:not([type=hidden]), select, form[data-sends] button")?.focus();
  }
});

let pause = 0;
const finder = document.getElementById("finder");
finder?.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(() => find(finder), PAUSE); });
text?.addEventListener("input", () => { typed = Date.now(); keep(); });
