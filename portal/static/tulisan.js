// What a nearly full text field still takes; and a text that was not taken can be copied.
const words = document.getElementById("lama").dataset;

const tell = (field) => {
  const left = field.maxLength - field.value.length, near = left <= field.maxLength / 10;
  let told = field.nextElementSibling;
  if (!told || told.className !== "count") {
    if (!near) return;
    told = document.createElement("p");
    told.className = "count";
    told.setAttribute("role", "status");
    field.after(told);
  }
  told.textContent = near ? words.left.replace("{n}", left.toLocaleString(document.documentElement.lang)) : "";
};
document.querySelectorAll("textarea[maxlength]").forEach(tell);
addEventListener("input", ({ target }) => { if (target.type === "textarea" && target.maxLength > 0) tell(target); });

for (const field of document.querySelectorAll("textarea[readonly]")) {
  const button = document.createElement("button"), told = document.createElement("p");
  button.type = "button";
  button.className = "button plain small";
  button.textContent = words.copy;
  told.setAttribute("role", "status");
  field.after(button, told);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = words.copied;
    } catch {
      field.select();
      told.textContent = words.failed;
    }
  });
}
