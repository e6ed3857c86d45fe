// Data sets as people drop them on a page.

/** An IDX file: images if there is a side, else labels. */
export const idx = (count, content, side) => {
  const words = side ? [0x803, count, side, side] : [0x801, count];
  const header = Buffer.alloc(4 * words.length);
  words.forEach((word, index) => header.writeUInt32BE(word, 4 * index));
  return Buffer.concat([header, content]);
};

/** Drops files on the place for them. Runs inside the page. */
function drop(files) {
  const dataTransfer = new DataTransfer();
  for (const { name, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    dataTransfer.items.add(new File([bytes], name));
  }
  const event = new Event("drop", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "dataTransfer", { value: dataTransfer });
  finder.one(".files").dispatchEvent(event);
}

/** Drops files on the first place for data: their bytes by their names. */
export const dropAll = (browser, files) =>
  browser.evaluate(
    drop,
    Object.entries(files).map(([name, bytes]) => ({ name, base64: bytes.toString("base64") })),
  );
