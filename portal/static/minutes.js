// Time that is left is counted on in the page: down to the due time, then up, and in working time only while it runs.
const box = document.getElementById("detik");
if (box) {
  const words = JSON.parse(box.dataset.words);
  const working = Number(box.dataset.working);
  const began = Date.now();
  const told = (count, unit) => count + " " + unit[count === 1 ? 0 : 1];
  const length = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    const parts = [Math.floor(minutes / 60), minutes % 60];
    return parts.map((count, place) => count ? told(count, words.units[place]) : "").filter(Boolean).join(" ") || told(seconds, words.second);
  };
  const chips = [...document.querySelectorAll(".chip[data-tick]")];
  const tick = () => {
    const passed = Math.floor((Date.now() - began) / 1000);
    for (const chip of chips) {
      const late = chip.dataset.tick !== "down";
      const bounded = chip.dataset.tick === "wall" ? passed : Math.min(passed, working);
      const seconds = Number(chip.dataset.seconds) + (late ? bounded : -passed);
      const over = late || seconds < 0;
      const size = Math.abs(seconds);
      if (over && !chip.classList.contains("late")) {
        chip.className = "chip late";
        chip.querySelector("svg").replaceWith(box.content.firstElementChild.cloneNode(true));
      }
      const text = !over ? words.left.replace("{}", length(seconds < 60 ? seconds : Math.floor(seconds / 60) * 60))
        : size < 60 ? words.under : words.late.replace("{}", length(Math.ceil(size / 60) * 60));
      const place = chip.querySelector("span");
      if (place.textContent !== text) place.textContent = text;
    }
  };
  setInterval(tick, 5000);
  document.addEventListener("visibilitychange", tick);
}
