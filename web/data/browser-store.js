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
      } finally {
        removeEventListener("pagehide", leave);
      }
    });
  }
}
