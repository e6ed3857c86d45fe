// What a page has written down for the next time that it is opened.

/**
 * Damages what a store has at that path: puts `junk` there, or into the last bytes; without it, leaves half, of bytes the
 * first and of an object some of its keys. Runs inside the page.
 */
export function damage(database, store, path, junk) {
  const half = (whole) => {
    if (ArrayBuffer.isView(whole)) return whole.slice(0, whole.length / 2);
    const entries = Object.entries(whole);
    return Object.fromEntries(entries.slice(0, entries.length / 2));
  };
  const damaged = (whole) => {
    if (junk === undefined || junk === null) return half(whole);
    return ArrayBuffer.isView(whole) ? whole.fill(junk, -8) : junk;
  };
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const objects = opening.result.transaction(store, "readwrite").objectStore(store);
      objects.transaction.oncomplete = () => (opening.result.close(), resolve());
      objects.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        const inner = path.slice(0, -1).reduce((value, key) => value[key], cursor.value);
        inner[path.at(-1)] = damaged(inner[path.at(-1)]);
        cursor.update(cursor.value);
        cursor.continue();
      };
    };
  });
}

/** Forgets all that a database has; runs inside the page, which must not have it open. */
export function forget(database) {
  return new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase(database);
    deleting.onerror = () => reject(deleting.error);
    deleting.onblocked = () => reject(new Error(`${database} is open`));
    deleting.onsuccess = () => resolve();
  });
}

/** What the values in a store of the browser's own database have at that path of keys; runs inside the page. */
export function kept(database, store, path) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const reading = opening.result.transaction(store).objectStore(store).getAll();
      reading.onerror = () => reject(reading.error);
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result.map((value) => path.reduce((inner, key) => inner[key], value)));
      };
    };
  });
}

/** Puts other values before those of each list in a store; runs inside the page. */
export function keepBeside(database, store, others) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const objects = opening.result.transaction(store, "readwrite").objectStore(store);
      objects.transaction.oncomplete = () => (opening.result.close(), resolve());
      objects.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        cursor.update([...others, ...cursor.value]);
        cursor.continue();
      };
    };
  });
}
