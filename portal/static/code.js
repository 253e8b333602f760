// A code behind the # of a scanned address is put into its field, and taken out of the address at once.
for (const box of document.querySelectorAll("[data-focus]")) box.focus();
const code = decodeURIComponent(location.hash.slice(1)).replace(/^kode=/, "").replace(/[^0-9A-Za-z-]/g, "");
const field = document.getElementById("code");
if (code && field) {
  field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
  field.form.querySelector("button").focus();
}
