/* What this phone keeps of visits: sheets that were taken along, drafts, what waits to be sent. A
   database of the browser (IndexedDB); knows no page and no server. */

const NAME = "visits";
const STORES = ["sheets", "visits", "facts"];
/** @type {?Promise<IDBDatabase>} */
let opening = null;

function openDatabase() {
  opening ||= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () =>
      STORES.forEach((store) => request.result.createObjectStore(store, { keyPath: "id" }));
    request.onsuccess = () => {
      // another tab of a newer build wants to change it: it closes here and is opened again
      request.result.onversionchange = () => {
        request.result.close();
        opening = null;
      };
      resolve(request.result);
    };
    request.onerror = () => {
      opening = null;
      reject(request.error);
    };
  });
  return opening;
}

/** One step in a transaction of its own; done when it is on the disk.
 * @param {string} store @param {IDBTransactionMode} mode
 * @param {(objects: IDBObjectStore) => IDBRequest} step @returns {Promise<any>} */
async function runStep(store, mode, step) {
  const database = await openDatabase();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const request = step(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

/** @param {string} store @param {any} record with its `id` */
export function putRecord(store, record) {
  return runStep(store, "readwrite", (objects) => objects.put(record));
}

/** @param {string} store @param {string} id */
export function getRecord(store, id) {
  return runStep(store, "readonly", (objects) => objects.get(id));
}

/** @param {string} store @returns {Promise<any[]>} */
export function listRecords(store) {
  return runStep(store, "readonly", (objects) => objects.getAll());
}

/** @param {string} store @param {string} id */
export function deleteRecord(store, id) {
  return runStep(store, "readwrite", (objects) => objects.delete(id));
}
