// What a page has written down for the next time that it is opened.

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
