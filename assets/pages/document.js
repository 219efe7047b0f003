/* An open document stays equal to the server's: poll.js asks, here is what it asks for and where the answer goes.
   Province and day are a plain form; here it is sent as soon as one of them is chosen. Shows no figures itself. */
(function (dashboard) {
  "use strict";
  const { el, mark } = dashboard;
  const meta = (page, name) => (page.querySelector(`meta[name="${name}"]`) || {}).content || "";

  /** What the scripts of all pages read of a state, from the document that carries it.
   * @param {Document} page @returns {Object} */
  function stateOf(page) {
    const { province, provinceName, asOf, live, time, told, names, version } = page.documentElement.dataset;
    return {
      ...{ province, province_name: provinceName, as_of: asOf, live: live === "true", names, version },
      ...{ data_time: time, data_as_of: told, build: meta(page, "build"), page },
    };
  }

  dashboard.stateAddress = (search) => location.pathname + search;
  dashboard.pending = () => false; // another view is another document
  dashboard.state = stateOf(document);

  /** One question for this document as it is now. Rejects on anything that is neither a document nor "unchanged". */
  dashboard.ask = async function (url, etag, signal) {
    const known = etag || (meta(document, "tag") && `"${meta(document, "tag")}"`);
    const headers = known ? { "If-None-Match": known } : {};
    const answer = await fetch(url, { headers, signal, cache: "no-store", credentials: "same-origin" });
    if (answer.status === 304) return { url, etag: known, state: null };
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("content")) throw new Error("not a document");
    return { url, etag: answer.headers.get("ETag") || "", state: stateOf(page) };
  };

  dashboard.on("state", ({ page }) => {
    if (page === document) return;
    dashboard.morph(el("content"), page.getElementById("content"));
    for (const [name, value] of Object.entries(page.documentElement.dataset)) document.documentElement.dataset[name] = value;
    dashboard.write(el("day-read"), page.getElementById("day-read").textContent);
    document.title = page.title;
    dashboard.tell("swapped");
  });

  dashboard.on("mounted", () => mark(document.documentElement, "data-ready", ""));
  document.addEventListener("change", (event) => {
    const { id, value, form, validity } = event.target;
    if (id === "as-of" && !(validity.valid && (!value || value >= "2000"))) return; // a year still being typed
    if (id === "province" || id === "as-of") form.requestSubmit();
    // Any other day is read day first too, whatever the browser's language.
    const read = event.target.parentElement.querySelector(":scope > .day-read");
    if (read) dashboard.write(read, value.split("-").reverse().join("/"));
  });
  document.addEventListener("formdata", (event) => {
    // Nothing chosen, or the live day: a short address.
    for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
  });
})(window.dashboard);
