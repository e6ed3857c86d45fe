// What is dropped may be a folder, with folders in it.

/** @typedef {import("./formats/found.js").Dropped} Dropped */

/** Files of a folder at most: more are no data set that a page could learn. */
const MOST_FILES = 100_000;

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<FileSystemEntry[]>} */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  // A browser hands them out a hundred at a time.
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length || all.length > MOST_FILES) return all;
    all.push(...some);
  }
}

/** @param {FileSystemEntry} entry @param {Dropped[]} found to which its files are added */
async function walk(entry, found) {
  if (found.length > MOST_FILES) return;
  if (entry.isFile) {
    /** @type {File} */
    const content = await new Promise((resolve, reject) =>
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject),
    );
    found.push({ name: entry.fullPath.replace(/^\//, ""), content });
  } else if (entry.isDirectory) {
    for (const child of await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry))) await walk(child, found);
  }
}

/**
 * The files that were dropped, those of folders too. To be called while the event is handled: after that, browsers tell
 * nothing of it any more.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<Dropped[]>}
 */
export async function filesOf(transfer) {
  const files = Array.from(transfer.files, (file) => ({ name: file.name, content: file }));
  const entries = Array.from(transfer.items ?? [], (item) => item.webkitGetAsEntry?.()).filter(
    (entry) => entry !== null,
  );
  if (!entries.some((entry) => entry?.isDirectory)) return files;
  /** @type {Dropped[]} */
  const found = [];
  for (const entry of entries) if (entry) await walk(entry, found);
  return found;
}
