// News of an open page, asked for while it is seen: announced, never moved under the hand. It keeps no visit alive.
const every = (address, heard) => {
  let wait = 20;
  const paused = () => { try { return sessionStorage.getItem("jeda") === "1"; } catch { return false; } };
  const ask = async () => {
    if (!document.hidden && !paused()) {
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        if (answer.ok) { heard(await answer.json()); wait = 20; }
        else if (answer.status === 401) return;
        else wait = Math.min(wait * 2, 240);
      } catch { wait = Math.min(wait * 2, 240); }
    }
    setTimeout(ask, (wait + Math.random() * 5) * 1000);
  };
  setTimeout(ask, wait * 500);
};
const root = document.querySelector("[data-live]");
if (root) {
  const known = new Set(root.dataset.known.split(" "));
  const [news, show, pause] = [root.querySelector("p"), root.querySelector("a"), root.querySelector("button")];
  const words = [pause.textContent, pause.dataset.on];
  const state = (next) => {
    try { if (next !== undefined) sessionStorage.setItem("jeda", next); pause.textContent = words[Number(sessionStorage.getItem("jeda") || 0)]; } catch { /* not kept */ }
  };
  pause.hidden = false;
  state();
  pause.addEventListener("click", () => state(pause.textContent === words[0] ? 1 : 0));
  every(root.dataset.live, (told) => {
    const fresh = told.keys.filter((key) => !known.has(key)).length;
    const text = fresh ? root.dataset.news.replace("{n}", fresh) : "";
    if (news.textContent !== text) news.textContent = text;
    show.hidden = !fresh;
    for (const place of document.querySelectorAll("[data-count]")) {
      place.textContent = place.dataset.count === "total" ? told.total : told.counts[place.dataset.count];
    }
    document.title = document.title.replace(/^\(\d+\)/, "(" + told.total + ")");
  });
}
const dossier = document.querySelector("[data-dossier]");
if (dossier) {
  every(dossier.dataset.dossier, (told) => {
    const changed = told.version > Number(dossier.dataset.version);
    const text = changed ? dossier.dataset.changed.replace("{what}", told.told)
      : told.others.length ? dossier.dataset.also.replace("{who}", told.others.join(", ")) : "";
    if (dossier.textContent !== text) dossier.textContent = text;
    dossier.hidden = !text;
  });
}
