/* Keeps the wall's document, scripts, styles and map; serves them when the server does not. A
   set is replaced only when all of the new one is there, so that what is kept always fits
   together. Figures are not its business. */
"use strict";
const KEPT = "man-hinh";
// This file lies beside the wall, wherever a portal shows both.
const BASE = self.location.pathname.replace(/[/]man-hinh[/]worker[.]js$/, "");
const SHELL = BASE + "/man-hinh";
const MAPS = BASE + "/map/";
/** @param {string} path */
const isKept = (path) => ["/assets/", "/bundles/", "/map/"].some((f) => path.startsWith(BASE + f));
const PATIENCE = 5000;
const LONGEST = 120000; // for a whole set

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** The document as the server has it; rejects on anything that is not the wall. @param {number}
 * patience */
async function freshShell(patience) {
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(SHELL, {
      cache: "no-cache",
      credentials: "same-origin",
      signal: stop.signal,
    });
    if (!answer.ok || !answer.headers.get("X-Now")) throw new Error("not the wall");
    return answer;
  } finally {
    clearTimeout(limit);
  }
}

/** @param {string[]} more what the document does not name: the map */
async function keep(more) {
  const shell = await freshShell(8000);
  const page = await shell.clone().text();
  const named = [...page.matchAll(/(?:src|href)=["']([^"'?]+)([^"']*)["']/g)]
    .filter(([, path]) => isKept(path))
    .map(([, path, query]) => path + query);
  const cache = await caches.open(KEPT);
  const wanted = new Set([...named, ...more.filter((url) => url.startsWith(MAPS))]);
  const fresh = [];
  const stop = new AbortController();
  setTimeout(() => stop.abort(), LONGEST); // the next hour tries again
  for (const url of wanted) {
    if (await cache.match(url)) continue;
    const answer = await fetch(url, { credentials: "same-origin", signal: stop.signal });
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    fresh.push([url, answer]);
  }
  for (const [url, answer] of fresh) await cache.put(url, answer);
  await cache.put(SHELL, shell);
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    // Maps of other provinces stay: another screen of this computer may show them.
    if (pathname !== SHELL && !pathname.startsWith(MAPS) && !wanted.has(pathname + search))
      await cache.delete(request);
  }
  const maps = (await cache.keys()).filter((request) =>
    new URL(request.url).pathname.startsWith(MAPS),
  );
  for (const old of maps.slice(0, -4)) await cache.delete(old);
}

async function documentOf() {
  try {
    return await freshShell(PATIENCE);
  } catch (problem) {
    const known = await (await caches.open(KEPT)).match(SHELL);
    return known || fetch(SHELL);
  }
}

self.addEventListener("message", (event) => {
  if (event.data && Array.isArray(event.data.keep))
    event.waitUntil(keep(event.data.keep).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === SHELL) event.respondWith(documentOf());
  else if (isKept(url.pathname)) {
    const kept = caches.open(KEPT).then((cache) => cache.match(url.pathname + url.search));
    event.respondWith(kept.then((known) => known || fetch(request)));
  }
});
