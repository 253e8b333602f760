// Keys for who works all day: J and K through the rows, Enter opens, / searches, A the first action. Not while typing.
// A beginning of an answer goes in where the cursor is, beside what was typed.
for (const link of document.querySelectorAll("a[data-into]")) link.addEventListener("click", (event) => {
  const field = document.getElementById(link.dataset.into);
  event.preventDefault();
  field.setRangeText(link.dataset.text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
const rows = [...document.querySelectorAll("a[data-row]")];
let at = -1;
let going = false;
const typing = (where) => /^(INPUT|TEXTAREA|SELECT)$/.test(where.tagName) || where.isContentEditable;
// Single keys disturb whoever speaks to their computer: they are switched off on the account page.
const off = () => { try { return localStorage.getItem("tombol") === "0"; } catch { return false; } };
for (const box of document.querySelectorAll("[data-keys]")) {
  box.closest("[hidden]").hidden = false;
  box.checked = !off();
  box.addEventListener("change", () => { try { localStorage.setItem("tombol", box.checked ? "1" : "0"); } catch { /* not kept */ } });
}
const go = (step) => {
  if (!rows.length) return;
  at = Math.max(0, Math.min(rows.length - 1, at + step));
  for (const row of rows) row.closest("tr").classList.toggle("at", row === rows[at]);
  rows[at].focus();
};
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form && event.target.tagName === "TEXTAREA") {
    event.target.form.requestSubmit(event.target.form.querySelector("button:not([type=button])"));
    return;
  }
  if (off()) return;
  if (typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  const search = document.getElementById("q");
  const action = document.querySelector(".tasks summary");
  const note = document.querySelector("#catatan + details summary");
  const follow = (selector) => { const link = document.querySelector(selector); if (link) link.click(); };
  const key = event.key.toLowerCase();
  const to = going && { m: "/meja", p: "/papan", r: "/rekap" }[key];
  going = key === "g";  // until the next key, however long the hand takes to it
  if (to) { follow(".nav a[href$='" + to + "']"); return; }
  const deeds = { x: () => { const pick = rows[at] && rows[at].closest("tr").querySelector("[name=pilih]"); if (pick) pick.click(); },
    "?": () => { const help = document.getElementById("tombol"); if (help && help.showModal) help.showModal(); }, j: () => go(1), k: () => go(-1), "/": () => search && search.focus(), a: () => action && action.focus(),
    n: () => note && note.focus(), "[": () => follow("a[rel=prev]"), "]": () => follow("a[rel=next]") };
  const deed = deeds[key];
  if (!deed) return;
  event.preventDefault();
  deed();
});
