// Filing without a network: kept here under a provisional number, sent when there is a network, told by its ticket then.
const here = document.querySelector("link[rel=manifest]").dataset;
const form = document.getElementById("aduan");
const list = document.getElementById("kiriman");
const model = document.getElementById("kiriman-model");
const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

function number() {
  const random = crypto.getRandomValues(new Uint8Array(8));
  return "S-" + [...random].map((each) => LETTERS[each % LETTERS.length]).join("").replace(/(.{4})/, "$1-");
}

function told(item) {
  const box = model.content.cloneNode(true).firstElementChild;
  const state = item.refused ? "refused" : !item.ticket ? "waiting" : item.photos.length ? "photos" : "sent";
  for (const each of box.querySelectorAll("[data-state]")) each.hidden = !each.dataset.state.split(" ").includes(state);
  for (const each of box.querySelectorAll("[data-say]")) each.textContent = item[each.dataset.say] || "";
  for (const each of box.querySelectorAll("[data-some]")) each.hidden = !item[each.dataset.some];
  const track = box.querySelector("a");
  if (item.ticket) track.href = here.scope + "lacak/" + item.ticket + "#" + item.code;
  box.querySelector("button").addEventListener("click", async () => {
    if (!item.ticket && !confirm(box.dataset.sure)) return;
    await self.antre.remove(item.id);
    show();
  });
  return box;
}

async function show() {
  const kept = (await self.antre.all()).filter((item) => item.tenant === here.tenant);
  list.replaceChildren(...kept.map(told));
  return kept.some((item) => !item.refused && (!item.ticket || item.photos.length));
}

async function send() {
  if (!(await show())) return;
  await self.antre.send();
  if (await show()) setTimeout(send, 15000);
}

function complaint() {
  const said = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || !value.trim()) continue;
    let place = said;
    const path = name.split(".");
    for (const part of path.slice(0, -1)) place = place[part] = place[part] || {};
    place[path.at(-1)] = value;
  }
  const other = said.desa_lain;
  delete said.desa_lain;
  const where = said.location;
  if (other) said.location = { ...where, desa: other };
  else if (where && where.desa) [where.kecamatan, where.desa] = where.desa.split("|");
  return said;
}

// What was typed on the page that could not send it.
try {
  const draft = JSON.parse(sessionStorage.getItem("aduan:" + here.scope + "adukan:aduan")) || {};
  for (const field of form.elements) if (field.name in draft && field.type !== "radio") field.value = draft[field.name];
} catch { /* none */ }

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!form.elements.message.value.trim()) { form.elements.message.focus(); return; }
  const photos = [...form.elements.photos.files];
  const item = { id: crypto.randomUUID(), number: number(), tenant: here.tenant, language: document.documentElement.lang, complaint: complaint(), photos };
  try { await self.antre.put(item); } catch {
    // No room: the text is what counts, photos can follow.
    item.photos = [];
    item.lost = photos.length;
    await self.antre.put(item);
  }
  form.reset();
  try { sessionStorage.clear(); } catch { /* none */ }
  await show();
  list.scrollIntoView();
  list.focus();
  if (navigator.serviceWorker) navigator.serviceWorker.ready.then((ready) => ready.sync && ready.sync.register("aduan")).catch(() => {});
  send();
});
addEventListener("online", send);
send();
