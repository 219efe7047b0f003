/* What the search fields of all pages share: "/" leads into the field, and the communes' former units are loaded
   (once a province, kept by the browser) as soon as somebody wants to search. Shows nothing. */
(function (dashboard) {
  "use strict";
  const loaded = new Map();

  /** The province's communes. @returns {Promise<{code: string, name: string, former: string[]}[]>} */
  dashboard.communes = function () {
    const address = dashboard.state && dashboard.state.names;
    if (!address) return Promise.resolve([]);
    if (!loaded.has(address)) {
      const list = fetch(address, { credentials: "same-origin" })
        .then((answer) => {
          if (!answer.ok) throw new Error("HTTP " + answer.status);
          return answer.json();
        })
        .then(({ communes }) => communes.map(([code, name, ...former]) => ({ code, name, former })));
      list.catch(() => loaded.delete(address)); // the next key asks again
      loaded.set(address, list);
    }
    return loaded.get(address);
  };

  function learn() {
    dashboard.communes().then((communes) => {
      const known = dashboard.former;
      dashboard.former = new Map(communes.map(({ code, former }) => [code, former]));
      if (!known || known.size !== dashboard.former.size) dashboard.tell("former");
    }).catch(() => {});
  }

  const writes = (element) => element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
  document.addEventListener("keydown", (event) => {
    const field = document.getElementById("search");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !field || writes(event.target)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  document.addEventListener("focusin", (event) => event.target.id === "search" && learn());
  dashboard.on("state", () => dashboard.former && learn());
})(window.dashboard);
