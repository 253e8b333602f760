// Keys for who works all day: J and K through the rows, Enter opens, / searches, A the first action. Not while typing.
if (document.querySelector(".banner.good")) {
  // What was sent is no draft any more.
  try { for (const key of Object.keys(sessionStorage)) if (key.startsWith("aduan:")) sessionStorage.removeItem(key); } catch { /* none */ }
}
const rows = [...document.querySelectorAll("a[data-row]")];
let at = -1;
const typing = (where) => /^(INPUT|TEXTAREA|SELECT)$/.test(where.tagName) || where.isContentEditable;
const go = (step) => {
  if (!rows.length) return;
  at = Math.max(0, Math.min(rows.length - 1, at + step));
  for (const row of rows) row.closest("tr").classList.toggle("at", row === rows[at]);
  rows[at].focus();
};
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form && event.target.tagName === "TEXTAREA") {
    event.target.form.requestSubmit();
    return;
  }
  if (typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  const search = document.getElementById("q");
  const action = document.querySelector(".tasks summary");
  const deeds = { j: () => go(1), k: () => go(-1), "/": () => search && search.focus(), a: () => action && action.focus() };
  const deed = deeds[event.key.toLowerCase()];
  if (!deed) return;
  event.preventDefault();
  deed();
});
