/* Narrows and orders the lists of weak communes at once: every commune is in the page, the server only hides those
   that do not fit, and so does this. The address keeps the choice, so that a link or a reload shows the same.
   Asks nobody, and computes no figure but how many are seen. */
(function (dashboard) {
  "use strict";
  const { write, mark } = dashboard;
  const form = () => document.querySelector("form[data-narrows]");
  const choices = () => [...form().querySelectorAll("select")];
  const entries = () => [...document.querySelectorAll("[data-entries] > *")];

  // Another choice is no other document: what was loaded goes on being asked for, with its tag.
  const loaded = location.search;
  dashboard.stateAddress = () => location.pathname + loaded;

  /** What the lists are narrowed by. @returns {HTMLSelectElement[]} those of the form in which something is chosen */
  function narrowed() {
    const names = form().dataset.narrows.split(" ");
    return choices().filter((one) => one.value && names.includes(one.name));
  }

  function narrow() {
    const wanted = narrowed();
    const all = entries();
    for (const one of all) {
      one.hidden = !wanted.every(({ name, value }) => (one.getAttribute("data-of-" + name) || "").split(" ").includes(value));
    }
    for (const list of document.querySelectorAll("[data-list]")) {
      const nobody = list.querySelector("[data-nobody]");
      if (nobody) nobody.hidden = Boolean(list.querySelector("[data-entries] > :not([hidden])"));
    }
    const words = wanted.map((one) => one.selectedOptions[0].textContent).join(", ");
    const seen = all.filter((one) => !one.hidden).length;
    write(document.querySelector("[data-shown]"), `${seen}/${all.length} xã${words ? ": " + words : ""}`);
  }

  /** Each list in the chosen order: its entries carry their place as data-by, in another order as data-by-<order>. */
  function order() {
    const chosen = choices().find(({ name, value }) => name === "order" && value);
    const place = (entry) => Number((chosen && entry.getAttribute("data-by-" + chosen.value)) || entry.dataset.by);
    for (const list of document.querySelectorAll("[data-entries]")) {
      const now = [...list.children];
      const sorted = [...now].sort((a, b) => place(a) - place(b));
      if (sorted.some((entry, at) => entry !== now[at])) list.append(...sorted);
    }
  }

  /** The choice stands in the address, in the form of province and day, and in what is taken along. */
  function keep() {
    const url = new URL(location.href);
    for (const { name, value } of choices()) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
      const view = dashboard.el("view");
      const kept = view.querySelector(`input[name="${name}"]`) || view.appendChild(dashboard.make("input", { type: "hidden", name }));
      kept.value = value; // an empty one is left out when the form is sent (document.js)
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url);
    for (const link of document.querySelectorAll("[data-narrowed], #go-live")) {
      const to = new URL(link.href);
      for (const { name, value } of choices()) value ? to.searchParams.set(name, value) : to.searchParams.delete(name);
      mark(link, "href", to.pathname + to.search);
    }
  }

  function obey() {
    if (!form()) return; // its part is broken
    dashboard.tell("chosen");
    narrow();
    order();
    keep();
  }
  dashboard.choose = obey;

  document.addEventListener("change", (event) => event.target.closest("form[data-narrows]") && obey());
  document.addEventListener("submit", (event) => event.target.matches("form[data-narrows]") && event.preventDefault());
  dashboard.on("mounted", obey);
  dashboard.on("swapped", obey);
})(window.dashboard);
