// How far photos have travelled, told while they do; fetched once one is chosen. What comes back with errors is shown
// in the place of the form, with its photos still in it: a browser that loads the page anew would have lost them.
let times = 0;

function shown(next, photos) {
  document.title = next.title;
  document.querySelector("main").replaceWith(next.querySelector("main"));
  scrollTo(0, 0);
  // A module by another name is run again, and finds the new form.
  times += 1;
  const again = [...document.querySelectorAll("script[type=module]")].map((each) => import(each.src + "#" + times));
  Promise.all(again).then(() => {
    if (!document.querySelector("[data-focus]")) document.querySelector("main").focus();
    const input = document.querySelector("input[data-upload]");
    if (!input) return;
    input.files = photos;
    input.dispatchEvent(new Event("change"));
    for (const each of document.querySelectorAll("[data-lost]")) each.remove();
  });
}

function told(form, words) {
  const box = document.createElement("div");
  box.innerHTML = '<label for="maju"></label> <progress id="maju" max="100" value="0"></progress><p role="status"></p>';
  form.querySelector("button:not([name]):not([type=button])").before(box);
  const [label, bar, news] = [box.children[0], box.children[1], box.children[2]];
  return (part) => {
    bar.value = Math.floor(part * 100);
    label.textContent = words.sending.replace("{n}", bar.value);
    if (part >= 1) news.textContent = words.waiting;
    return box;
  };
}

export function follow(input) {
  const form = input.form, words = input.dataset;
  if (form.dataset.followed) return;
  form.dataset.followed = "1";
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !input.files.length) return;
    event.preventDefault();
    const address = new URL(form.getAttribute("action") || "", location), sent = new FormData(form), button = event.submitter;
    if (button && button.name) sent.append(button.name, button.value);
    const photos = input.files, say = told(form, words), way = new XMLHttpRequest();
    const box = say(0);
    const ended = () => { box.remove(); form.removeEventListener("batal", stopped); };
    const stopped = () => { way.abort(); ended(); };
    form.addEventListener("batal", stopped);
    way.upload.onprogress = (news) => { if (news.lengthComputable) say(news.loaded / news.total); };
    way.onload = () => {
      const next = new DOMParser().parseFromString(way.responseText, "text/html");
      if (way.responseURL !== address.href) location.assign(way.responseURL);
      // A page that only says what failed has no form, and going back would not bring this one again.
      else if (!next.querySelector("main input[data-upload]") && (way.status === 413 || way.status >= 500 || !next.querySelector("main"))) way.onerror();
      else shown(next, photos);
    };
    way.onerror = () => {
      form.dispatchEvent(new Event("batal"));
      form.querySelector("[role=status]").textContent = words.failed;
    };
    way.open("POST", address);
    way.send(sent);
  });
}
