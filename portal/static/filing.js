// Forms of citizens: a draft in this tab only, the list of villages narrowed, and one sending however often the button is
// tapped. Everything works without it.
for (const box of document.querySelectorAll("[data-focus]")) box.focus();

for (const form of document.querySelectorAll("form[data-draft]")) {
  // By where it goes: a form that came back with errors stands at another address. One of its fields may be called action.
  const key = "aduan:" + new URL(form.getAttribute("action") || "", location).pathname + ":" + form.dataset.draft;
  const kept = [...form.elements].filter((field) => /^(textarea|select-one|text|tel|email|radio)$/.test(field.type) && field.name);
  const save = () => {
    const draft = {};
    for (const field of kept) {
      if (field.type !== "radio") draft[field.name] = field.value;
      else if (field.checked) draft[field.name] = field.value;
    }
    try { sessionStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden: nothing is kept */ }
  };
  let draft = null;
  try { draft = JSON.parse(sessionStorage.getItem(key)); } catch { /* as above */ }
  const untouched = !document.querySelector(".summary, .banner[role=alert]");
  if (draft && untouched) {
    for (const field of kept) {
      if (!(field.name in draft)) continue;
      if (field.type === "radio") field.checked = field.value === draft[field.name];
      else if (!field.value || field.type === "select-one") field.value = draft[field.name];
    }
  }
  form.addEventListener("input", save);
  form.addEventListener("submit", () => { try { sessionStorage.setItem("terkirim", key); } catch { /* as above */ } });
  for (const link of document.querySelectorAll("a[data-forget]")) link.addEventListener("click", () => { try { sessionStorage.removeItem(key); } catch { /* none */ } });
}
for (const box of document.querySelectorAll("[data-reveal]")) {
  box.closest("[hidden]").hidden = false;
  box.addEventListener("change", () => { document.getElementById(box.dataset.reveal).type = box.checked ? "text" : "password"; });
}
// One sending, however often it is tapped; one that takes long says so, and can be given up: a form is known by its key.
const slow = document.getElementById("lama");
for (const form of document.querySelectorAll("form[data-busy]")) {
  let button = null, words = "", told = null, timer = 0;
  const ready = () => {
    clearTimeout(timer);
    delete form.dataset.sent;
    if (button) { button.disabled = false; button.textContent = words; }
  };
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    button = event.submitter || form.querySelector("button");
    words = button.textContent;
    // After the form has been read, or the button's own value would be lost.
    setTimeout(() => { button.disabled = true; button.textContent = form.dataset.busy; }, 0);
    if (told) told.remove();
    told = document.createElement("p");
    told.setAttribute("role", "status");
    button.after(told);
    timer = setTimeout(() => {
      told.append(slow.content.cloneNode(true));
      told.querySelector("button").addEventListener("click", () => { stop(); form.dispatchEvent(new Event("batal")); told.textContent = slow.dataset.stopped; button.focus(); });
    }, 10000);
  });
  form.addEventListener("batal", ready);
  addEventListener("pageshow", (event) => { if (event.persisted) ready(); });
}

for (const villages of document.querySelectorAll("select[data-within]")) {
  const district = document.getElementById(villages.dataset.within);
  const groups = [...villages.querySelectorAll("optgroup")];
  const narrow = () => {
    for (const group of groups) {
      if (!district.value || group.label === district.value) villages.append(group);
      else group.remove();
    }
    if (district.value && !villages.value.startsWith(district.value + "|")) villages.value = "";
  };
  district.addEventListener("change", narrow);
  narrow();
}

// What photos need is fetched once one is chosen; likewise what a text needs that is nearly too long.
addEventListener("input", ({ target: field }) => {
  if (field.type === "textarea" && field.value.length > field.maxLength * .8) import(slow.dataset.text);
});
for (const input of document.querySelectorAll("input[data-photos]")) {
  const begin = () => import(input.dataset.script).then((each) => each.choose(input)).catch(() => { /* they go as they are */ });
  if ("DataTransfer" in window) input.addEventListener("change", begin, { once: true });
}
