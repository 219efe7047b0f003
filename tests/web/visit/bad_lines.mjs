// Phones with the queue's own rules, a store that keeps each id once, and a line that loses, cuts,
// doubles and garbles: by the end every visit is in the store once and no phone holds anything.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

const [, , queueFile, seedText, roundsText] = process.argv;
const { WAITING, countUnsent, decideAfter, listWaiting, sendAsAnother } = await import(
  pathToFileURL(queueFile).href
);

let state = Number(seedText);
function draw(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

class Store {
  entries = new Map();
  order = [];

  receive({ id, content }) {
    if (content.bad) return [422, { id, answer: "refused", why: ["bad"] }];
    const first = this.entries.get(id);
    if (first === undefined) {
      this.entries.set(id, content.text);
      this.order.push({ commune: content.commune, phone: content.phone, number: content.number });
      return [200, { id, answer: "saved" }];
    }
    if (first === content.text) return [200, { id, answer: "known" }];
    return [409, { id, answer: "conflict", saved: [first] }];
  }
}

/** What the phone sees of one sending; null where no answer came. */
function send(store, visit, quiet) {
  const fate = quiet ? 9 : draw(10);
  if (fate === 0) return null; // lost on the way there
  const answer = store.receive(visit);
  if (fate === 1) return null; // written, the answer is cut
  if (fate === 2) return store.receive(visit); // doubled
  if (fate === 3) return [500, null];
  if (fate === 4) return [200, "<html>a hotel's own page</html>"];
  if (fate === 5) return [200, { id: "another", answer: "saved" }];
  if (fate === 6) return [401, null];
  return answer;
}

function trySending(store, phone, quiet) {
  const held = new Set();
  for (const visit of listWaiting([...phone.values()])) {
    if (held.has(visit.content.commune)) continue;
    const seen = send(store, visit, quiet);
    if (seen === null) return;
    const next = decideAfter(visit, ...seen);
    if (next.stop === "sign-in") return;
    if (next.gone) {
      assert.equal(store.entries.get(visit.id), visit.content.text, "let go of what nobody has");
      phone.delete(visit.id);
      continue;
    }
    held.add(visit.content.commune);
    if (next.visit) phone.set(visit.id, next.visit);
  }
}

function playRound() {
  const store = new Store();
  const phones = [new Map(), new Map(), new Map()];
  const written = new Set();
  let number = 0;
  for (let step = 0; step < 60; step += 1) {
    const at = draw(3);
    const phone = phones[at];
    if (draw(3) > 0) {
      trySending(store, phone, false);
      continue;
    }
    number += 1;
    const content = { commune: draw(4), phone: at, number, text: `text ${number}`, bad: false };
    if (draw(12) === 0) content.bad = true;
    const id = `id ${number}`;
    if (!content.bad) written.add(content.text);
    phone.set(id, { id, state: WAITING, queuedAt: number, content, why: [] });
  }
  for (let again = 0; again < 70; again += 1)
    for (const phone of phones) trySending(store, phone, true);
  assert.deepEqual(new Set(store.entries.values()), written);
  assert.equal(store.entries.size, written.size, "doubled");
  const left = phones.flatMap((phone) => [...phone.values()]);
  assert.ok(left.every(({ content, why }) => content.bad && why.length), "kept without a reason");
  assert.equal(countUnsent(left), left.length);
  // of one phone and commune none overtook another
  for (const one of store.order)
    for (const later of store.order.slice(store.order.indexOf(one) + 1))
      if (one.phone === later.phone && one.commune === later.commune)
        assert.ok(one.number < later.number, "overtaken");
}

for (let round = 0; round < Number(roundsText); round += 1) playRound();

// what was changed after its answer was cut is a conflict, shown, and goes as a visit of its own
const store = new Store();
store.entries.set("x", "as first sent");
const changed = { id: "x", state: WAITING, queuedAt: 1, content: { text: "as changed" }, why: [] };
const { visit: conflict } = decideAfter(changed, ...store.receive(changed));
assert.deepEqual(conflict.why, ["as first sent"]);
assert.deepEqual(listWaiting([conflict]), []);
const own = sendAsAnother(conflict, "y");
assert.ok(decideAfter(own, ...store.receive(own)).gone);
assert.deepEqual([...store.entries.values()], ["as first sent", "as changed"]);
