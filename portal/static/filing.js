// Forms of citizens: a draft in this tab only, the list of villages narrowed, photos shrunk before they travel,
// and one sending however often the button is tapped. Everything works without it.
for (const box of document.querySelectorAll("[data-focus]")) box.focus();
// What was sent is no draft any more; what was written elsewhere still is.
try {
  const sent = sessionStorage.getItem("terkirim");
  if (sent && document.querySelector(".banner.good")) sessionStorage.removeItem(sent);
  sessionStorage.removeItem("terkirim");
} catch { /* nothing is kept */ }

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
  box.parentElement.hidden = false;
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
      told.querySelector("button").addEventListener("click", () => { stop(); ready(); told.textContent = slow.dataset.stopped; button.focus(); });
    }, 10000);
  });
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

const LONGEST = 1280;
async function shrunk(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !("createImageBitmap" in window)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    if (!small || small.size >= file.size) return file;
    return new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch { return file; }
}

for (const input of document.querySelectorAll("input[data-photos]")) {
  if (!("DataTransfer" in window)) continue;
  const list = document.getElementById("photos-pilihan");
  let chosen = [];
  const show = () => {
    const box = new DataTransfer();
    for (const file of chosen) box.items.add(file);
    input.files = box.files;
    list.replaceChildren(...chosen.map((file, place) => {
      const item = document.createElement("li");
      if (file.type.startsWith("image/")) {
        const picture = document.createElement("img");
        picture.src = URL.createObjectURL(file);
        picture.alt = "";
        item.append(picture);
      }
      const name = document.createElement("div");
      name.className = "small";
      name.textContent = file.name + ", " + Math.round(file.size / 1024) + " kB ";
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "bare";
      remove.textContent = input.dataset.remove;
      remove.setAttribute("aria-label", input.dataset.remove + " " + file.name);
      remove.addEventListener("click", () => { chosen.splice(place, 1); show(); input.focus(); });
      item.append(name, remove);
      return item;
    }));
  };
  input.form.addEventListener("reset", () => { chosen = []; show(); });
  input.addEventListener("change", async () => {
    const more = await Promise.all([...input.files].map(shrunk));
    chosen = [...chosen, ...more].slice(0, Number(input.dataset.photos));
    show();
  });
}
