// The page works without this. With it: no reload, nothing lost without a connection, read-aloud.
const log = document.getElementById("log");
const main = document.querySelector("main");
const composer = document.getElementById("composer");
const field = document.getElementById("message");
const status = document.getElementById("status");
const template = document.getElementById("listen");
const FRAGMENT = "text/vnd.silta.messages+html";
const KEY = "silta-waiting";
const FIRST_WAIT = 1000, LONGEST_WAIT = 30000; // ms

// What is not yet answered survives a reload of this tab, and nothing longer than the tab.
let waiting = JSON.parse(sessionStorage.getItem(KEY) || "[]");
let sending = false, wait = FIRST_WAIT;

const keep = () => sessionStorage.setItem(KEY, JSON.stringify(waiting));
const say = (name) => { status.textContent = name ? status.dataset[name] : ""; };
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

function show(item) {
  const article = document.createElement("article");
  article.className = "person waiting";
  article.dataset.delivery = item.delivery;
  const text = Object.assign(document.createElement("p"), { textContent: item.shown, dir: "auto" });
  article.append(text);
  log.append(article);
  article.scrollIntoView({ block: "start" });
}

function submit(event) {
  const form = event.target, pressed = event.submitter;
  if (!(form.method === "post") || !form.action.includes("/chat")) return;
  event.preventDefault();
  const choice = pressed && pressed.name === "choice" ? pressed.value : "";
  const message = choice || field.value.trim();
  if (!message) return;
  // Boxes, lists and tables of a question go along with the button under them.
  const fields = choice && pressed.closest(".input") ? [...new FormData(form)] : [];
  const chosen = fields.length ? chosenIn(pressed.closest(".input")) : "";
  const item = { delivery: newId(), message, choice: Boolean(choice), fields, shown: chosen || (choice ? pressed.textContent.trim() : message), url: form.action };
  if (!choice) field.value = "";
  waiting.push(item);
  keep();
  show(item);
  if (form.closest("details")) form.closest("details").open = false;
  send();
}

function chosenIn(input) {
  const boxes = [...input.querySelectorAll(":checked")].filter((e) => e.tagName === "INPUT").map((e) => e.closest("label").innerText.trim());
  const lists = [...input.querySelectorAll("select")].map((e) => e.selectedOptions[0].textContent.trim());
  const days = [...input.querySelectorAll('input[type="date"]')].map((e) => e.value);
  return [...boxes, lists.join(" ").trim(), ...days].filter(Boolean).join(", ");
}

async function send() {
  if (sending || !waiting.length) return;
  sending = true;
  const item = waiting[0];
  say("sending");
  const slow = setTimeout(() => say("writing"), 600);
  try {
    const body = new URLSearchParams([...(item.fields || []), ["delivery", item.delivery], [item.choice ? "choice" : "message", item.message]]);
    const response = await fetch(item.url, { method: "POST", body, headers: { Accept: FRAGMENT } });
    if (response.status === 503) throw new Error("busy");
    if (!response.ok) { done(item); say("failed"); return; }
    const html = await response.text();
    if (response.headers.get("X-Silta-Deleted")) { log.replaceChildren(); waiting = [item]; heard = 0; tag = ""; }
    answer(item, html, response.headers.get("Content-Language"));
    if (state() || response.headers.get("X-Silta-Talk")) askForNews();
    wait = FIRST_WAIT;
    say("");
  } catch (error) {
    say(error.message === "busy" ? "busy" : "offline");
    setTimeout(send, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  } finally {
    clearTimeout(slow);
    sending = false;
  }
  if (wait === FIRST_WAIT) send();
}

function done(item) {
  waiting = waiting.filter((other) => other.delivery !== item.delivery);
  keep();
  const shown = log.querySelector(`[data-delivery="${item.delivery}"]`);
  if (shown) shown.classList.remove("waiting");
}

function answer(item, html, language) {
  done(item);
  const page = document.documentElement.lang;
  if (language && language !== page && item.message.startsWith("/change_language")) { location.href = `/?lang=${language}${location.search.includes("embedded") ? "&embedded=1" : ""}`; return; }
  const holder = document.createElement("template");
  holder.innerHTML = html; // our own server's, rendered and escaped there
  append(holder.content);
}

function append(content) {
  content.querySelectorAll("article[id]").forEach((article) => document.getElementById(article.id)?.closest("#log") && article.remove());
  const articles = [...content.querySelectorAll("article")];
  log.append(...articles);
  articles.forEach(offerListening);
  if (articles.length) articles[0].scrollIntoView({ block: "nearest" });
}

// A talk with a person: while it is open the page asks for news. It says the newest number that
// news (or loading) brought, not that of an answer to the person's own message: what the worker
// wrote while there was no connection stands before that. What is there already is shown once.
const talk = document.getElementById("talk");
const SOON = 2500, LATER = 20000, TYPING = 4000; // ms
const EVERY = { live: SOON, waiting: SOON, writing: LATER, left: LATER };
let tag = "", timer = 0, typed = 0, heard = newestOf(log);

function newestOf(holder) {
  const numbers = [...holder.querySelectorAll("article[id^='m-']")].map((a) => Number(a.id.slice(2)) || 0);
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}

const state = () => talk.querySelector(".state")?.dataset.state || "";

async function askForNews() {
  clearTimeout(timer);
  try {
    const typing = state() && Date.now() - typed < TYPING ? "&typing=1" : "";
    const headers = tag && !typing ? { "If-None-Match": tag } : {};
    const response = await fetch(`${talk.dataset.news}&after=${heard}${typing}`, { headers });
    if (response.status === 200) {
      tag = response.headers.get("ETag") || "";
      const holder = document.createElement("template");
      holder.innerHTML = await response.text(); // our own server's, rendered and escaped there
      const now = holder.content.querySelector(".state");
      if (now && now.outerHTML !== talk.firstElementChild?.outerHTML) talk.replaceChildren(now);
      heard = Math.max(heard, newestOf(holder.content));
      append(holder.content);
    }
  } catch { /* no connection: asked again */ }
  const every = EVERY[state()];
  if (every) timer = setTimeout(askForNews, document.hidden ? LATER : every);
}

function offerListening(article) {
  if (!("speechSynthesis" in window)) return;
  const language = article.lang || document.documentElement.lang;
  const voice = speechSynthesis.getVoices().find((v) => v.lang.toLowerCase().split(/[-_]/)[0] === language);
  if (!voice || article.querySelector(".listen")) return;
  const button = template.content.firstElementChild.cloneNode(true);
  const label = button.textContent;
  button.addEventListener("click", () => {
    const speaking = speechSynthesis.speaking;
    speechSynthesis.cancel();
    if (speaking) { button.textContent = label; return; }
    const texts = [...article.querySelectorAll(".body > :is(h3, p, ol) , .body .contacts li")].map((e) => e.innerText);
    const utterance = new SpeechSynthesisUtterance(texts.join("\n"));
    Object.assign(utterance, { voice, lang: voice.lang, rate: 0.9, onend: () => { button.textContent = label; } });
    button.textContent = button.dataset.stop;
    speechSynthesis.speak(utterance);
  });
  article.querySelector(".body").append(button);
}

document.addEventListener("submit", submit);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); composer.requestSubmit(); }
});
field.addEventListener("input", () => { typed = Date.now(); });
addEventListener("online", () => { wait = FIRST_WAIT; send(); askForNews(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && state()) askForNews(); });
const offerAll = () => log.querySelectorAll("article.silta").forEach(offerListening);
if ("speechSynthesis" in window) { offerAll(); speechSynthesis.addEventListener?.("voiceschanged", offerAll); }
const last = [...log.querySelectorAll("article.person")].pop();
if (last && !location.hash) last.scrollIntoView({ block: "start" });
waiting.forEach(show);
send();
if (state()) askForNews();
