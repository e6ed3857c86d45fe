// The browser's own database, for what a page is to know again after a reload.

import { createStore, get, promisifyRequest } from "idb-keyval";

/** Every call rejects where the browser keeps nothing: in private windows and sandboxed frames. */
export class BrowserStore {
  #database;
  #name;
  /** @type {ReturnType<typeof createStore> | undefined} */
  #store;

  /** @param {string} database @param {string} name of the object store in it */
  constructor(database, name) {
    this.#database = database;
    this.#name = name;
  }

  #opened() {
    this.#store ??= createStore(this.#database, this.#name);
    return this.#store;
  }

  /** @param {string} key @returns {Promise<any>} `undefined` where nothing was kept */
  async get(key) {
    return get(key, this.#opened());
  }

  /** @param {string} key @param {unknown} value */
  async set(key, value) {
    await this.#write((objects) => objects.put(value, key));
  }

  /**
   * Changes what is kept in one transaction, so that nothing is lost that another tab writes meanwhile.
   *
   * @template Value
   * @param {string} key
   * @param {(before: Value | undefined) => Value} change
   * @returns {Promise<Value>} what is kept now
   */
  async update(key, change) {
    /** @type {Value | undefined} */
    let now;
    await this.#write((objects) => {
      const reading = objects.get(key);
      reading.onsuccess = () => objects.put((now = change(reading.result)), key);
    });
    return /** @type {Value} */ (now);
  }

  /**
   * What is kept under the keys that begin with `start`, by key.
   *
   * @param {string} start
   * @returns {Promise<[string, any][]>}
   */
  async entries(start) {
    const range = IDBKeyRange.bound(start, `${start}\uffff`);
    return this.#opened()("readonly", async (objects) => {
      const [keys, values] = await Promise.all([
        promisifyRequest(objects.getAllKeys(range)),
        promisifyRequest(objects.getAll(range)),
      ]);
      return keys.map((key, index) => [String(key), values[index]]);
    });
  }

  /** @param {string} key */
  async delete(key) {
    await this.#write((objects) => objects.delete(key));
  }

  /** @param {(objects: IDBObjectStore) => void} change */
  async #write(change) {
    await this.#opened()("readwrite", async (objects) => {
      const { transaction } = objects;
      let left = false;
      // WebKitGTK's database answers no page any more once one has been left in the middle of a write. What was written
      // before stays.
      const leave = () => {
        left = true;
        transaction.abort();
      };
      addEventListener("pagehide", leave);
      try {
        change(objects);
        await promisifyRequest(transaction);
      } catch (error) {
        if (!left) throw error;
        // A page that comes back goes on where it was.
        await new Promise((back) => addEventListener("pageshow", back, { once: true }));
        await this.#write(change);
      } finally {
        removeEventListener("pagehide", leave);
      }
    });
  }
}
