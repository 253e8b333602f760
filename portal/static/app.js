// The citizen's pages as an app: its worker, and what waits on this telephone.
const here = document.querySelector("link[rel=manifest]").dataset;
if ("serviceWorker" in navigator) navigator.serviceWorker.register(here.worker, { scope: here.scope }).catch(() => {});
const notice = document.getElementById("antre");
const look = async () => {
  const kept = (await self.antre.all()).filter((item) => item.tenant === here.tenant);
  if (notice) notice.hidden = !kept.length;
  return kept;
};
if ("indexedDB" in self) look().then((kept) => kept.length && self.antre.send()).then(look).catch(() => {});
const form = document.querySelector("form[data-offline]");
// Without a network a form goes nowhere: what was typed goes on on the page that keeps it.
if (form) form.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  location.href = form.dataset.offline;
}, true);
