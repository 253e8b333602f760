// A visit that is about to end says so in time; one key goes on with it. What is typed stays where it is either way.
const box = document.getElementById("sesi-berakhir");
if (box && box.showModal) {
  const soon = 120;
  let ends = Date.now() + Number(box.dataset.left) * 1000;
  const left = () => (ends - Date.now()) / 1000;
  const over = () => { box.querySelector("p").textContent = box.dataset.over; box.querySelector("button").textContent = box.dataset.close; };
  const learn = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.status === 401) { ends = 0; over(); return false; }
    if (answer.status === 200) ends = Date.now() + (await answer.json()).left * 1000;
    return answer.ok;
  };
  box.querySelector("button").addEventListener("click", async () => {
    if (left() > 0) {
      try { await fetch(box.dataset.go); await learn(box.dataset.ask); } catch { /* asked again below */ }
    }
    box.close();
  });
  setInterval(async () => {
    if (ends === 0 || document.hidden || left() > soon) return;
    // Another tab may have been used meanwhile.
    try { await learn(box.dataset.ask); } catch { return; }
    if (left() <= soon && !box.open) box.showModal();
  }, 15000);
}
