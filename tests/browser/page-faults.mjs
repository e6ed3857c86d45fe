// Faults that a test brings into a page: functions that run inside the page, and what brings them there before any of
// its own scripts runs.

/**
 * Runs a script first in each page that is opened, and in its frames, as long as `act` takes; Chromium only.
 *
 * @param {import("./browser.mjs").Browser} browser
 * @param {Function} script
 * @param {() => Promise<void>} act
 * @param {unknown[]} values what the script is given
 */
export async function injecting(browser, script, act, ...values) {
  const { page } = browser.driver;
  const { identifier } = await page.evaluateOnNewDocument(script, ...values);
  try {
    await act();
  } finally {
    await page.removeScriptToEvaluateOnNewDocument(identifier);
  }
}

/** Keeps the workers that the page starts in the global `workers`, the newest last. */
export function catchWorkers() {
  const Native = Worker;
  globalThis.workers = [];
  globalThis.Worker = class extends Native {
    constructor(...options) {
      super(...options);
      globalThis.workers.push(this);
    }
  };
}

/** Ends the workers as a browser does that has no memory left: no event tells of it. */
export function killWorkers() {
  for (const worker of globalThis.workers.splice(0)) worker.terminate();
}

/** From now on a write ends as where the disk is full, until {@link makeRoom}. */
export function fillStorage() {
  const put = IDBObjectStore.prototype.put;
  globalThis.makeRoom = () => (IDBObjectStore.prototype.put = put);
  IDBObjectStore.prototype.put = function (...args) {
    const request = put.apply(this, args);
    const error = new DOMException("The disk is full.", "QuotaExceededError");
    Object.defineProperty(this.transaction, "error", { value: error });
    this.transaction.abort();
    return request;
  };
}

/** The database is refused, as in a frame that may keep nothing. */
export function refuseStorage() {
  IDBFactory.prototype.open = () => {
    throw new DOMException("Access to the database is denied.", "SecurityError");
  };
}

/** A database that is to be opened says nothing, until {@link makeRoom} lets it. */
export function silenceStorage() {
  const open = IDBFactory.prototype.open;
  const waiting = [];
  globalThis.makeRoom = () => {
    IDBFactory.prototype.open = open;
    for (const go of waiting) go();
  };
  IDBFactory.prototype.open = function (...args) {
    const request = {};
    waiting.push(() => {
      const real = open.apply(this, args);
      for (const kind of ["upgradeneeded", "success", "error"]) {
        real.addEventListener(kind, (event) => {
          Object.assign(request, { result: kind === "error" ? undefined : real.result, error: real.error });
          request[`on${kind}`]?.(event);
        });
      }
    });
    return request;
  };
}

/** Keeps the database busy, so that no write begins, until {@link makeRoom}; resolves when it is. */
export function blockStorage(database, store) {
  return new Promise((resolve) => {
    indexedDB.open(database).onsuccess = ({ target: { result: opened } }) => {
      let isBusy = true;
      const objects = opened.transaction(store, "readwrite").objectStore(store);
      globalThis.makeRoom = () => (isBusy = false);
      const hold = () => {
        if (isBusy) objects.get("nothing").onsuccess = hold;
        else opened.close();
      };
      objects.get("nothing").onsuccess = () => (resolve(), hold());
    };
  });
}

/** The database cannot be opened, until {@link makeRoom}: the browser says so only later. */
export function breakStorage() {
  const open = IDBFactory.prototype.open;
  globalThis.makeRoom = () => (IDBFactory.prototype.open = open);
  IDBFactory.prototype.open = function () {
    const request = { error: new DOMException("The database is broken.", "UnknownError") };
    queueMicrotask(() => request.onerror());
    return request;
  };
}

/**
 * Does something on a processor that is so many times as slow.
 *
 * @template T
 * @param {import("./browser.mjs").Browser} browser
 * @param {number} times
 * @param {() => Promise<T>} act
 */
export async function slowed(browser, times, act) {
  const session = await browser.driver.page.createCDPSession();
  const slow = (rate) => session.send("Emulation.setCPUThrottlingRate", { rate });
  try {
    await slow(times);
    return await act();
  } finally {
    await slow(1);
    await session.detach();
  }
}
