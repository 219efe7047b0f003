/* Keeps a team's list, the form, the communes of its day and those that somebody opened on this
   device and shows them where there is no line; the page itself says of when its copy is
   (documents/kept_copy.js). What the server calls private is never kept. */
"use strict";
const KEPT = "to-cong-tac";
// This file lies beside the list, wherever a portal shows both.
const BASE = self.location.pathname.replace(/[/]to-cong-tac[/]worker[.]js$/, "");
const LIST = BASE + "/to-cong-tac";
const FORM = LIST + "/kiem-tra";
/** @param {string} path */
const isPage = (path) => path === LIST || path === FORM || path.startsWith(BASE + "/xa/");
/** @param {string} path */
const isFile = (path) => ["/assets/", "/bundles/"].some((f) => path.startsWith(BASE + f));
// A day of two teams and as many that were opened; scripts and styles of the pages in a few versions.
const MOST_PAGES = 80;
const MOST_FILES = 20;
const PATIENCE = 8000;
const LONGEST = 60000; // of one page or file: what hangs must not hold all that is kept after it
const PRIVATE = "of an account";
const NOT_KEPT = "Trang này chưa được lưu trên máy. Có mạng trở lại thì mở được.";
let keeping = Promise.resolve();

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** A question that ends, with its body. @param {string} address @param {RequestInit} options
 * @returns {Promise<Response>} */
function ask(address, options) {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), LONGEST);
  return fetch(address, { ...options, signal: stop.signal });
}

/** Keeps one page with the files that it names. @param {Cache} cache @param {string} address
 * @returns {Promise<boolean>} whether it is one to keep; rejects where there is no line */
async function keepPage(cache, address) {
  return keepAnswer(
    cache,
    address,
    await ask(address, { cache: "no-cache", credentials: "same-origin" }),
  );
}

/** @param {Cache} cache @param {string} address @param {Response} answer nobody has read it yet
 * @returns {Promise<boolean>} as keepPage */
async function keepAnswer(cache, address, answer) {
  const rules = answer.headers.get("Cache-Control") || "";
  if (rules.includes("private")) {
    await dropPages(cache, ({ pathname }) => isPage(pathname) && pathname !== FORM);
    throw new Error(PRIVATE);
  }
  if (!answer.ok || answer.redirected || rules.includes("no-store")) return false;
  const text = await answer.text();
  for (const [, path, query] of text.matchAll(/(?:src|href)=["']([^"'?]+)([^"']*)["']/g))
    if (isFile(path)) await keepFile(cache, path + query);
  const headers = new Headers(answer.headers);
  headers.set("X-Kept", String(Date.now()));
  await cache.put(address, new Response(text, { headers }));
  return true;
}

/** @param {Cache} cache @param {(url: URL) => boolean} belongs @param {number} [but] as many of the
 * newest stay */
async function dropPages(cache, belongs, but = 0) {
  const kept = (await cache.keys()).filter(({ url }) => belongs(new URL(url)));
  for (const old of kept.slice(0, kept.length - Math.min(but, kept.length)))
    await cache.delete(old);
}

/** Put again though it is there: what is used last is dropped last. @param {Cache} cache
 * @param {string} address */
async function keepFile(cache, address) {
  const answer = (await cache.match(address)) || (await ask(address, {}));
  if (!answer.ok) throw new Error("HTTP " + answer.status);
  await cache.put(address, answer);
}

/** @param {Cache} cache */
async function dropOld(cache) {
  await dropPages(cache, ({ pathname }) => isPage(pathname), MOST_PAGES);
  await dropPages(cache, ({ pathname }) => isFile(pathname), MOST_FILES);
}

/** @param {string[]} addresses @param {MessagePort} asking hears how many communes are there, and
 * whether anything hindered the rest */
async function keepAll(addresses, asking) {
  let kept = 0;
  let hindered = "";
  try {
    const cache = await caches.open(KEPT);
    for (const address of addresses) {
      const { pathname } = new URL(address, location.origin);
      if (!isPage(pathname)) continue;
      const isThere = await keepPage(cache, address);
      if (isThere && pathname.startsWith(BASE + "/xa/")) kept += 1;
    }
  } catch (problem) {
    hindered = nameHindrance(problem);
  }
  // The answer waits for no tidying that fails.
  await caches
    .open(KEPT)
    .then(dropOld)
    .catch(() => {});
  asking.postMessage({ kept, hindered });
}

/** A line that fails is a TypeError or an AbortError; a full or forbidden store any other
 * DOMException. @param {Error} problem @returns {string} */
function nameHindrance(problem) {
  if (problem.message === PRIVATE) return "private";
  if (problem instanceof DOMException && problem.name !== "AbortError") return "no-room";
  return "no-line";
}

/** A list as somebody narrowed it is kept as it was loaded, a commune by its code; anything else is
 * said not to be here. @param {Cache} cache @param {URL} url @returns {Promise<Response>} */
async function answerNotKept(cache, url) {
  const all = (await cache.keys()).map((request) => new URL(request.url));
  all.sort((a, b) => a.search.length - b.search.length);
  const lists = all.filter(({ pathname }) => pathname === LIST);
  /** @param {string} name */
  const of = (name) => url.searchParams.get(name);
  const like = all.find(
    ({ pathname, searchParams }) =>
      pathname === url.pathname &&
      searchParams.get("as_of") === of("as_of") &&
      (pathname !== LIST || searchParams.get("province") === of("province")),
  );
  if (like && like.href !== url.href) return Response.redirect(like.href);
  const style = all.find(({ pathname }) => pathname.endsWith("task_force.css"));
  const links = lists.map(
    ({ pathname, search }) =>
      `<p><a href="${pathname}${search.replace(/&/g, "&amp;")}">Danh sách của tổ công tác đã lưu</a></p>`,
  );
  const head =
    '<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><meta name="viewport" ' +
    'content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">' +
    `<title>Chưa có mạng</title>` +
    (style ? `<link rel="stylesheet" href="${style.pathname}${style.search}">` : "");
  const body =
    `<div id="page" class="page"><main id="content" class="document"><h1>Chưa có mạng</h1><p>${NOT_KEPT}</p>` +
    links.join("") +
    `<p><a href="">Thử lại</a></p></main></div>`;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'",
  };
  return new Response(head + body, { status: 503, headers });
}

/** The server's page, which is kept, too; the copy where it does not come or not in time.
 * @param {FetchEvent} event */
async function openPage(event) {
  const { request } = event;
  const url = new URL(request.url);
  const cache = await caches.open(KEPT).catch(() => null);
  if (!cache) return fetch(request); // a browser that keeps nothing still opens pages
  const address = url.pathname + url.search;
  const copy = await cache.match(address);
  const answer = fetch(request).then((first) => {
    const opened = keepAnswer(cache, address, first.clone()).then(() => dropOld(cache));
    event.waitUntil(opened.catch(() => {}));
    return first;
  });
  const late = new Promise((resolve, reject) => copy && setTimeout(reject, PATIENCE));
  try {
    const first = await Promise.race([answer, late]);
    return first.status >= 500 && copy ? copy : first;
  } catch (problem) {
    return copy || answerNotKept(cache, url);
  }
}

self.addEventListener("message", (event) => {
  if (!event.data || !Array.isArray(event.data.keep) || !event.ports[0]) return;
  keeping = keeping.then(() => keepAll(event.data.keep, event.ports[0])).catch(() => {});
  event.waitUntil(keeping);
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && isPage(url.pathname)) event.respondWith(openPage(event));
  else if (isFile(url.pathname)) {
    const kept = caches.open(KEPT).then((cache) => cache.match(url.pathname + url.search));
    event.respondWith(kept.catch(() => null).then((known) => known || fetch(request)));
  }
});
