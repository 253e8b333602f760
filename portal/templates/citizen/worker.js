// The citizen's pages without a network. Kept are one empty page and its files, never a page that says something of
// somebody, and never a page of officers: those go to the network as if there were no worker.
const KEPT = {{ kept | tojson }};
const NAME = {{ ("aduan " ~ tenant ~ " ") | tojson }};
const CACHE = NAME + {{ version | tojson }};
const SHELL = {{ shell | tojson }};
const PAGES = {{ pages | tojson }};
importScripts({{ queue | tojson }});

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await Promise.all([SHELL, ...KEPT].map((each) => cache.add(new Request(each, { credentials: "omit", cache: "reload" }))));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((each) => each.startsWith(NAME) && each !== CACHE);
    await Promise.all(old.map((each) => caches.delete(each)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const asked = event.request, address = new URL(asked.url);
  if (asked.method !== "GET" || address.origin !== location.origin) return;
  const kept = async (path) => (await (await caches.open(CACHE)).match(path, { ignoreVary: true })) || Response.error();
  if (KEPT.includes(address.pathname)) event.respondWith(kept(address.pathname));
  else if (asked.mode === "navigate" && PAGES.includes(address.pathname)) {
    event.respondWith(fetch(asked).catch(() => kept(SHELL)));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "aduan") event.waitUntil(self.antre.send().then((all) => { if (!all) throw new Error("later"); }));
});
