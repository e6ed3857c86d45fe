// What a page has written down for the next time that it is opened.

/** Damages what a store has: sets the field at that path, or the last bytes there; runs inside the page. */
export function damage(database, store, path, junk) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const objects = opening.result.transaction(store, "readwrite").objectStore(store);
      objects.transaction.oncomplete = () => (opening.result.close(), resolve());
      objects.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        const inner = path.slice(0, -1).reduce((value, key) => value[key], cursor.value);
        const field = inner[path.at(-1)];
        if (ArrayBuffer.isView(field)) field.fill(junk, -8);
        else inner[path.at(-1)] = junk;
        cursor.update(cursor.value);
        cursor.continue();
      };
    };
  });
}

/** Leaves half of what a store has at that path: of bytes the first, of an object some of its keys; runs inside the page. */
export function halve(database, store, path) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const objects = opening.result.transaction(store, "readwrite").objectStore(store);
      objects.transaction.oncomplete = () => (opening.result.close(), resolve());
      objects.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        const inner = path.slice(0, -1).reduce((value, key) => value[key], cursor.value);
        const whole = inner[path.at(-1)];
        const keys = Object.keys(whole);
        inner[path.at(-1)] = ArrayBuffer.isView(whole)
          ? whole.slice(0, whole.length / 2)
          : Object.fromEntries(keys.slice(0, keys.length / 2).map((key) => [key, whole[key]]));
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
