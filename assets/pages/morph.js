/* Makes one part of an open page equal to a newly answered one by writing only what differs, so that scroll,
   focus, open details and what somebody types stay. Asks nothing; scripts of the answer are never run. */
(function (dashboard) {
  "use strict";
  const INPUTS = new Set(["INPUT", "SELECT", "TEXTAREA"]);
  const keyOf = (node) => (node.nodeType === 1 && (node.id || node.dataset.key)) || "";
  const sameKind = (old, fresh) => old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);

  /** What belongs to the person who looks: whether details are open, what a field holds. */
  const theirs = (element, name) => (element.nodeName === "DETAILS" && name === "open") || INPUTS.has(element.nodeName);

  function attributes(old, fresh) {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !theirs(old, name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (!theirs(old, name)) dashboard.mark(old, name, value);
  }

  /** The old child that a new one goes on with: the one of its key, else the next of its kind. */
  function match(fresh, at, keyed) {
    const key = keyOf(fresh);
    if (key) return keyed.get(key) || null;
    return at && sameKind(at, fresh) ? at : null;
  }

  function children(old, fresh) {
    const keyed = new Map([...old.childNodes].filter(keyOf).map((one) => [keyOf(one), one]));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const kept = match(next, at, keyed);
      if (kept && kept.nodeName === next.nodeName) {
        if (kept === at) at = at.nextSibling;
        else old.insertBefore(kept, at);
        dashboard.morph(kept, next);
      } else old.insertBefore(document.importNode(next, true), at);
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  }

  /** @param {Node} old in the page, is changed @param {Node} fresh of another document, is only read */
  dashboard.morph = function (old, fresh) {
    if (old.nodeType !== 1) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    if (old.hasAttribute("data-own")) return; // a script keeps it
    attributes(old, fresh);
    if (!INPUTS.has(old.nodeName)) children(old, fresh);
  };
})(window.dashboard);
