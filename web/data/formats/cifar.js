// CIFAR-10 and CIFAR-100 in their binary form: one or two bytes that say what it is, then red, green and blue of 32×32.

import { counted } from "../../ui/counted.js";
import { CIFAR_10, CIFAR_100 } from "./class-names.js";
import { titleOf, together } from "./found.js";
import { checkFile, checkImages } from "./limits.js";

/** @typedef {import("./found.js").Dropped} Dropped */
/** @typedef {import("./found.js").Part} Part */

const SIDE = 32;
const CELLS = SIDE * SIDE;
const CHANNELS = 3;
/** CIFAR-100 says first of which group of classes it is. */
const KINDS = [
  { title: "CIFAR-10", before: 0, names: CIFAR_10 },
  { title: "CIFAR-100", before: 1, names: CIFAR_100 },
].map((kind) => ({ ...kind, row: kind.before + 1 + CHANNELS * CELLS }));

/** @param {string} name @param {number} size in bytes @returns {(typeof KINDS)[number] | undefined} which of both it is, by its size */
export function cifarOf(name, size) {
  return /\.bin$/i.test(name) && size > 0 ? KINDS.find(({ row }) => size % row === 0) : undefined;
}

/** @param {string} name @param {Uint8Array} bytes @param {(typeof KINDS)[number]} kind @returns {Part} */
function readBatch(name, bytes, { title, before, names, row }) {
  const count = bytes.length / row;
  checkImages(name, count, [SIDE, SIDE, CHANNELS]);
  const pixels = new Uint8Array(count * CHANNELS * CELLS);
  const said = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const from = image * row + before;
    said[image] = bytes[from];
    if (said[image] >= names.length) {
      throw new Error(
        `${name}: image ${counted(image + 1)} has the label ${said[image]}; ${title} has 0 to ${names.length - 1}.`,
      );
    }
    for (let channel = 0; channel < CHANNELS; channel++) {
      const plane = from + 1 + channel * CELLS;
      const to = image * CHANNELS * CELLS + channel;
      for (let cell = 0; cell < CELLS; cell++) pixels[to + cell * CHANNELS] = bytes[plane + cell];
    }
  }
  return { name, shape: [SIDE, SIDE, CHANNELS], pixels, said };
}

/**
 * @param {Dropped[]} files whose names and sizes are those of CIFAR's
 * @param {(part: number) => void} tell
 * @returns {Promise<import("./found.js").Found>}
 */
export async function readCifar(files, tell) {
  const [first] = files;
  const kind = cifarOf(first.name, first.content.size);
  /** @type {Part[]} */
  const parts = [];
  for (const [index, { name, content }] of files.entries()) {
    checkFile(name, content.size);
    if (!kind || content.size % kind.row) {
      throw new Error(`${first.name} is of ${kind?.title}, ${name} is not; drop one data set at a time.`);
    }
    parts.push(readBatch(name, new Uint8Array(await content.arrayBuffer()), kind));
    tell((index + 1) / files.length);
  }
  const { title = titleOf(first.name), names } = kind ?? {};
  return together(parts, { title, names });
}
