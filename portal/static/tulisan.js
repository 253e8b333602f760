// What a text field still takes, told from nine tenths on; and a text that was not taken can be copied.
const words = document.getElementById("lama").dataset;

for (const field of document.querySelectorAll("textarea[maxlength]:not([readonly])")) {
  const told = document.createElement("p");
  told.className = "count";
  told.setAttribute("role", "status");
  field.after(told);
  const tell = () => {
    const left = field.maxLength - field.value.length;
    told.textContent = left > field.maxLength / 10 ? "" : words.left.replace("{n}", left.toLocaleString(document.documentElement.lang));
  };
  field.addEventListener("input", tell);
  tell();
}

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
