// Copying the code and saving it as a picture; what could not be done is said.
for (const box of document.querySelectorAll("[data-focus]")) box.focus();
try { for (const key of Object.keys(sessionStorage)) if (key.startsWith("aduan:")) sessionStorage.removeItem(key); } catch { /* none */ }
const tools = document.getElementById("simpan");
if (tools) {
  const ticket = document.getElementById("tiket").textContent;
  const code = document.getElementById("kode").textContent;
  const news = document.getElementById("kabar");
  tools.hidden = false;
  document.getElementById("salin").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(ticket + "\n" + code);
      news.textContent = tools.dataset.copied;
    } catch { news.textContent = tools.dataset.failed; }
  });
  document.getElementById("gambar").addEventListener("click", () => {
    const canvas = document.createElement("canvas");
    canvas.width = 720;
    canvas.height = 360;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, 720, 360);
    pen.fillStyle = "#15211e";
    pen.textAlign = "center";
    pen.font = "32px sans-serif";
    pen.fillText(tools.dataset.name, 360, 80);
    pen.font = "bold 52px sans-serif";
    pen.fillText(ticket, 360, 180);
    pen.font = "bold 60px monospace";
    pen.fillText(code, 360, 280);
    const link = document.createElement("a");
    link.download = ticket + ".png";
    link.href = canvas.toDataURL("image/png");
    link.click();
  });
}
