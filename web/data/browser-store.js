// The browser's own database, for what a page is to know again after a reload.

import { createStore, promisifyRequest } from "idb-keyval";

/** How long a database may take for one answer: what it keeps of the largest run, a slow disk writes in a part of that. */
const PATIENCE_SECONDS = 5;

/**
 * Every call rejects where the browser keeps nothing, in private windows and sandboxed frames, and, with a TimeoutError,
 * where its database does not answer.
 */
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

  /** @param {string} key @returns {Promise<any>} `undefined` where nothing was kept */
  async get(key) {
    return this.#ask("readonly", (objects) => promisifyRequest(objects.get(key)));
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
    return this.#ask("readonly", async (objects) => {
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
    /** @type {IDBTransaction | undefined} */
    let transaction;
    let left = false;
    // WebKitGTK's database answers no page any more once one has been left in the middle of a write. What was written
    // before stays.
    const leave = () => {
      left = true;
      transaction?.abort();
    };
    addEventListener("pagehide", leave);
    try {
      await this.#ask("readwrite", (objects) => {
        ({ transaction } = objects);
        change(objects);
        return promisifyRequest(transaction);
      });
    } catch (error) {
      if (!left) throw error;
      // A page that comes back goes on where it was.
      await new Promise((back) => addEventListener("pageshow", back, { once: true }));
      await this.#write(change);
    } finally {
      removeEventListener("pagehide", leave);
    }
  }

  /**
   * Gives up where the database does not answer, so that somebody can be told; the next call opens it anew.
   *
   * @template Answer
   * @param {IDBTransactionMode} mode
   * @param {(objects: IDBObjectStore) => Promise<Answer>} act
   * @returns {Promise<Answer>}
   */
  async #ask(mode, act) {
    const store = (this.#store ??= createStore(this.#database, this.#name));
    /** @type {IDBTransaction | undefined} */
    let transaction;
    let isOver = false;
    const answer = store(mode, (objects) => {
      ({ transaction } = objects);
      if (isOver) transaction.db.close();
      return isOver ? Promise.reject(unanswered()) : act(objects);
    });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @type {Promise<never>} */
    const limit = new Promise((_, reject) => {
      timer = setTimeout(() => {
        isOver = true;
        if (this.#store === store) this.#store = undefined;
        reject(unanswered());
        abort(transaction);
      }, PATIENCE_SECONDS * 1000);
    });
    try {
      return await Promise.race([answer, limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const unanswered = () =>
  new DOMException(`The database has not answered for ${PATIENCE_SECONDS} seconds.`, "TimeoutError");

/** @param {IDBTransaction | undefined} transaction */
function abort(transaction) {
  try {
    transaction?.abort();
  } catch {
    // What is on its way to the disk is not taken back.
  }
}
