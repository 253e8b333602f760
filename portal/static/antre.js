// Complaints that wait on this telephone for the network: each is filed once, whoever sends it, and its photos follow.
// Shared by the page and by the service worker; nothing else is kept on the telephone.
(() => {
  const run = (mode, deed) => new Promise((done, fail) => {
    const opening = indexedDB.open("aduan", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("antre", { keyPath: "id" });
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const base = opening.result;
      const work = base.transaction("antre", mode);
      const asked = deed(work.objectStore("antre"));
      work.oncomplete = () => { base.close(); done(asked.result); };
      work.onabort = work.onerror = () => { base.close(); fail(work.error); };
    };
  });
  const all = () => run("readonly", (kept) => kept.getAll());
  const put = (item) => run("readwrite", (kept) => kept.put(item));
  const remove = (id) => run("readwrite", (kept) => kept.delete(id));
  const ask = (item, path, how) => fetch("/api/v1/" + item.tenant + "/complaints" + path, { credentials: "omit", cache: "no-store", ...how });
  const final = (status) => status >= 400 && status < 500 && ![408, 425, 429].includes(status);

  async function file(item) {
    const body = JSON.stringify({ ...item.complaint, channel: "app", external_id: item.id });
    const headers = { "Content-Type": "application/json", "Accept-Language": item.language };
    const answer = await ask(item, "", { method: "POST", headers, body });
    if (answer.ok) {
      const receipt = await answer.json();
      Object.assign(item, { ticket: receipt.ticket, code: receipt.tracking_code, complaint: null });
    } else if (final(answer.status)) item.refused = (await answer.json()).detail || String(answer.status);
    else throw new Error(answer.status);
    await put(item);
  }

  async function attach(item) {
    const own = "/" + item.ticket, code = "?code=" + item.code;
    while (item.photos.length) {
      const stem = item.id + "-" + item.photos.length, name = stem + ".jpg";
      // Sent before, and nobody knows whether it came: it is looked for first. Its name is kept with the end that its content has.
      const there = item.trying === name && ((await (await ask(item, own + code)).json()).files || []).some((each) => each.name.replace(/\.\w+$/, "") === stem);
      if (!there) {
        item.trying = name;
        await put(item);
        const form = new FormData();
        form.append("kind", "photo");
        form.append("file", item.photos[0], name);
        const answer = await ask(item, own + "/files" + code, { method: "POST", body: form });
        if (!answer.ok && !final(answer.status)) throw new Error(answer.status);
        if (!answer.ok) item.lost = (item.lost || 0) + 1;
      }
      item.photos.shift();
      await put(item);
    }
  }

  // What cannot be sent now holds up nothing that is written after it.
  async function go() {
    let whole = true;
    for (const item of await all()) {
      if (item.refused) continue;
      try {
        if (!item.ticket) await file(item);
        if (item.ticket) await attach(item);
      } catch { whole = false; }
    }
    return whole;
  }
  // One at a time, in whatever window.
  const send = () => (navigator.locks ? navigator.locks.request("aduan", go) : go());
  self.antre = { all, put, remove, send };
})();
