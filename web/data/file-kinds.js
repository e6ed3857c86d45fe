// What a file is that is no IDX file: people drop what they have.

/** @type {{ kind: string, begins: number[] }[]} how files of a kind begin */
const KINDS = [
  { kind: "a PNG picture", begins: [0x89, 0x50, 0x4e, 0x47] },
  { kind: "a JPEG picture", begins: [0xff, 0xd8, 0xff] },
  { kind: "a NumPy array (npy)", begins: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] },
  { kind: "a zip archive (npz files are, too)", begins: [0x50, 0x4b] },
  { kind: "a Parquet table", begins: [0x50, 0x41, 0x52, 0x31] },
  { kind: "an HDF5 file", begins: [0x89, 0x48, 0x44, 0x46] },
  { kind: "a PDF", begins: [0x25, 0x50, 0x44, 0x46] },
  { kind: "a Python pickle", begins: [0x80, 0x02] },
  { kind: "a Python pickle", begins: [0x80, 0x03] },
  { kind: "a Python pickle", begins: [0x80, 0x04] },
];

/** @param {Uint8Array} start */
function isText(start) {
  return start.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

/**
 * @param {Uint8Array} start the first bytes of a file, unpacked
 * @returns {string | undefined} what it is, with its article; undefined if that can't be told
 */
export function kindOf(start) {
  const known = KINDS.find(({ begins }) => begins.every((byte, index) => start[index] === byte));
  if (known || start.length === 0) return known?.kind;
  if (start[0] === 0 && start[1] === 0 && start[2] > 8 && start[2] < 15)
    return "an IDX file of other numbers than bytes";
  const axes = start[0] === 0 && start[1] === 0 && start[2] === 8 ? start[3] : undefined;
  // Those of images and labels have something else wrong.
  if (axes !== undefined && axes !== 1 && axes !== 3) return `an IDX file with ${axes} axes`;
  if (!isText(start)) return undefined;
  const text = new TextDecoder().decode(start);
  if (/^\s*[{[]/.test(text)) return "a JSON text";
  if (/^\s*</.test(text)) return "a page or a drawing (HTML, XML or SVG)";
  return text.includes(",") || /^label/.test(text) ? "a CSV table" : "a text";
}
