// News of an open page, while it is seen: announced, never moved under the hand. They keep no visit alive.
const paused = () => { try { return sessionStorage.getItem("jeda") === "1"; } catch { return false; } };
const every = (address, heard) => {
  let wait = 20;
  const ask = async () => {
    if (!document.hidden && !paused()) {
      wait = Math.min(wait * 2, 240);
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        if (answer.status === 401) return;
        if (answer.ok) { heard(await answer.json()); wait = 20; }
      } catch { /* asked again later */ }
    }
    setTimeout(ask, (wait + Math.random() * 5) * 1000);
  };
  setTimeout(ask, wait * 500);
};
const listen = (stream, address, heard) => {
  if (!("EventSource" in self)) { every(address, heard); return () => {}; }
  let source = null, given = false;
  const shut = () => { if (source) source.close(); source = null; };
  const give = (instead) => { shut(); if (instead && !given) every(address, heard); given = true; };
  const fit = () => {
    if (given || document.hidden || paused()) { shut(); return; }
    if (source) return;
    source = new EventSource(stream);
    source.onmessage = (event) => heard(JSON.parse(event.data));
    source.addEventListener("selesai", () => give(false));
    source.addEventListener("penuh", () => give(true));
    source.onerror = () => { if (source && source.readyState === EventSource.CLOSED) give(true); };
  };
  document.addEventListener("visibilitychange", fit);
  fit();
  return fit;
};
const root = document.querySelector("[data-live]");
if (root) {
  const known = new Set(root.dataset.known.split(" "));
  const [news, show, pause] = [root.querySelector("p"), root.querySelector("a"), root.querySelector("button")];
  const words = [pause.textContent, pause.dataset.on];
  const fit = listen(root.dataset.stream, root.dataset.live, (told) => {
    const fresh = told.keys.filter((key) => !known.has(key)).length;
    const text = fresh ? root.dataset.news.replace("{n}", fresh) : "";
    if (news.textContent !== text) news.textContent = text;
    show.hidden = !fresh;
    for (const place of document.querySelectorAll("[data-count]")) {
      place.textContent = place.dataset.count === "total" ? told.total : told.counts[place.dataset.count];
    }
    document.title = document.title.replace(/^\(\d+\)/, "(" + told.total + ")");
  });
  const state = (next) => {
    try { if (next !== undefined) sessionStorage.setItem("jeda", next); pause.textContent = words[Number(sessionStorage.getItem("jeda") || 0)]; } catch { /* not kept */ }
    fit();
  };
  pause.hidden = false;
  state();
  pause.addEventListener("click", () => state(pause.textContent === words[0] ? 1 : 0));
}
const dossier = document.querySelector("[data-dossier]");
if (dossier) {
  listen(dossier.dataset.stream, dossier.dataset.dossier, (told) => {
    const changed = told.version > Number(dossier.dataset.version);
    const text = changed ? dossier.dataset.changed.replace("{what}", told.told)
      : told.others.length ? dossier.dataset.also.replace("{who}", told.others.join(", ")) : "";
    if (dossier.textContent !== text) dossier.textContent = text;
    dossier.hidden = !text;
  });
}
