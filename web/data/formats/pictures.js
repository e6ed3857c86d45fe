// Pictures in folders: which class each is of, and how large it is, before the browser decodes any of them.

import { counted } from "../../ui/counted.js";
import { MOST_PIXELS } from "./limits.js";

/** @typedef {import("./found.js").Dropped} Dropped */
/** @typedef {Dropped & { said: string }} Picture */
/** @typedef {{ width: number, height: number }} Size */
/**
 * @typedef {object} Album
 * @property {string} title
 * @property {Picture[]} pictures in the order of their names
 * @property {Size} size that all are brought to
 * @property {boolean} alike whether all are of that size already
 */

/** A picture as large as this may stop a browser. */
const MOST_CELLS = 25_000_000;
/** Bytes in which a picture says how large it is, but for JPEGs with a long preview. */
const HEADER = 65_536;
/** Pictures of one size up to this are taken as they are. */
const MOST_OWN_SIDE = 96;
/** Pictures of several sizes become squares of one of these sides. */
const SIDES = { small: 32, large: 64 };
/** Words of folders that say what pictures are for, not what is on them. */
const PARTS = /^(train|training|test|testing|val|valid|validation|images?|img|data|png|jpe?g)$/i;

/** @param {Uint8Array} bytes @returns {Size | undefined} undefined where it does not say */
export function pictureSize(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47) {
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (bytes.length >= 10 && view.getUint32(0) === 0x47494638) {
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  }
  if (bytes.length >= 26 && view.getUint16(0) === 0x424d) {
    return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
  }
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    // The frames of all ways to compress, which are not tables.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** The folder that says what is on a picture: the last before its name. @param {string} path */
function folderOf(path) {
  const folders = path.split(/[/\\]/).slice(0, -1);
  return folders.findLast((folder) => !PARTS.test(folder));
}

/** @param {Dropped[]} files @returns {Picture[]} @throws in one sentence, if their folders name no classes */
function named(files) {
  const pictures = files.map((file) => ({ ...file, said: folderOf(file.name) ?? "" }));
  const classes = new Set(pictures.map(({ said }) => said));
  if (classes.size > 1) return pictures.sort((a, b) => (a.name < b.name ? -1 : 1));
  throw new Error(
    "One picture alone, or several in one folder: nothing says what is on each. Put those of a class into a folder with its " +
      "name, as cats/1.png and dogs/1.png, and drop the folder around these, or a zip of it.",
  );
}

/**
 * @param {Dropped[]} files that begin as pictures do
 * @param {(part: number) => void} tell
 * @returns {Promise<Album>}
 * @throws in one sentence, if they make no data set
 */
export async function albumOf(files, tell) {
  const pictures = named(files);
  let size = /** @type {Size | undefined} */ (undefined);
  let alike = true;
  let shortest = Infinity;
  for (const [index, { name, content }] of pictures.entries()) {
    const own = pictureSize(new Uint8Array(await content.slice(0, HEADER).arrayBuffer()));
    if (own && !(own.width * own.height <= MOST_CELLS && own.width * own.height > 0)) {
      throw new Error(`${name} says that it has ${counted(own.width)}×${counted(own.height)} pixels; make it smaller.`);
    }
    if (own) shortest = Math.min(shortest, own.width, own.height);
    alike &&= own !== undefined && (!size || (own.width === size.width && own.height === size.height));
    size ??= own;
    if (index % 100 === 0) tell(index / pictures.length);
  }
  alike &&= size !== undefined && Math.max(size.width, size.height) <= MOST_OWN_SIDE;
  const side = shortest < 48 ? SIDES.small : SIDES.large;
  const common = alike && size ? size : { width: side, height: side };
  const most = Math.floor(MOST_PIXELS / (3 * common.width * common.height));
  if (pictures.length > most) {
    throw new Error(
      `These are ${counted(pictures.length)} pictures; ${counted(most)} of them are the most that is read.`,
    );
  }
  const [first] = pictures[0].name.split(/[/\\]/);
  return { title: first, pictures, size: common, alike };
}
