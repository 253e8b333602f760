// Photos of a form: shrunk before they travel, shown, and taken back one by one.
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

export function choose(input) {
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
  const take = async () => {
    const more = await Promise.all([...input.files].map(shrunk));
    chosen = [...chosen, ...more].slice(0, Number(input.dataset.photos));
    show();
  };
  input.addEventListener("change", take);
  take();
  if (input.dataset.upload) import(input.dataset.upload).then((each) => each.follow(input)).catch(() => { /* untold */ });
}
