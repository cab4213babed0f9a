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
  const arrivals = watchArrivals(rows, document.getElementById("chime"));
  const refresh = async () => {
    if (document.hidden && !arrivals.wanted()) return;
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
        arrivals.look();
      }
    } catch {
      news.textContent = news.dataset.offline;
    }
  };
  const timer = setInterval(refresh, rows.dataset.every ? rows.dataset.every * 1000 : EVERY);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) arrivals.seen();
    refresh();
  });
}

// What arrives while the list is open is counted beside it and in the title of the page, and
// makes a sound where that was wished for. The sound is made here: nothing is fetched for it.
function watchArrivals(rows, place) {
  if (!place) return { wanted: () => false, seen: () => {}, look: () => {} };
  const [box, badge] = [place.querySelector("input"), place.querySelector(".badge")];
  const references = () => [...rows.querySelectorAll("th a")].map((link) => link.textContent);
  const title = document.title;
  let known = new Set(references());
  let count = 0;
  const wanted = () => box.checked;
  const show = () => {
    badge.hidden = !count;
    badge.textContent = place.dataset.new.replace("{count}", count);
    document.title = count ? `(${count}) ${title}` : title;
  };
  const chime = chimeOf(place, wanted);
  box.checked = localStorage.getItem("silta-desk-sound") === "on";
  box.addEventListener("change", () => {
    localStorage.setItem("silta-desk-sound", wanted() ? "on" : "off");
    chime.allow();
    chime.ring(); // so that it is known how it sounds, and the browser allows it
  });
  chime.allow();
  place.hidden = false;
  return {
    wanted,
    seen: () => { count = 0; show(); },
    look: () => {
      const now = references();
      const added = now.filter((reference) => !known.has(reference)).length;
      known = new Set([...known, ...now]);
      count += added;
      show();
      if (added) chime.ring();
    },
  };
}

// A browser lets a page sound only after somebody has pressed something on it. Until then the
// page says so in words, and the first press anywhere is enough.
function chimeOf(place, wanted) {
  const silent = place.querySelector(".silent");
  let sound = null;
  let waiting = false;
  const tell = () => { silent.hidden = !wanted() || sound?.state === "running"; };
  const allow = () => {
    if (wanted() && !sound) {
      sound = new AudioContext();
      sound.addEventListener("statechange", tell);
      setTimeout(tell, 500); // a context that may sound needs a moment to begin
    }
    if (wanted()) sound.resume();
    else tell();
  };
  for (const press of ["click", "keydown"]) document.addEventListener(press, allow);
  const ring = async () => {
    if (!wanted() || waiting) return;
    waiting = true;
    await sound.resume();
    waiting = false;
    if (!wanted()) return;
    for (const [start, pitch] of [[0, 660], [0.18, 880]]) {
      const [tone, volume] = [sound.createOscillator(), sound.createGain()];
      const at = sound.currentTime + start;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.15, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
      tone.connect(volume).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    }
    place.dataset.chimed = Number(place.dataset.chimed ?? 0) + 1;
  };
  return { allow, ring };
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
