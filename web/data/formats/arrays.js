// Which of several NumPy arrays are images, and which their labels.

import { counted } from "../../ui/counted.js";
import { roleOf, titleOf, together } from "./found.js";
import { imagesOf, readNpy } from "./npy.js";

/** @typedef {import("./found.js").Dropped} Dropped */
/** @typedef {import("./npy.js").NumpyArray} NumpyArray */

const IMAGES = /(^|[^a-z])x([^a-z]|$)|im(a)?ge?s|data|pixels/i;
const LABELS = /(^|[^a-z])y([^a-z]|$)|label|target|class/i;

/** The array's own name, without the archive's. @param {string} path */
const ownName = (path) => path.split(/[/\\]/).at(-1) ?? path;

/** @param {NumpyArray} array */
function isImages({ name, shape }) {
  if (shape.length >= 3) return true;
  const called = IMAGES.test(ownName(name)) || !LABELS.test(ownName(name));
  return shape.length === 2 && shape[1] > 1 && called && Number.isInteger(Math.sqrt(shape[1]));
}

/** Labels, one a row; of rows with one number a class, the place of the largest. @param {NumpyArray} array */
function saidBy({ shape: [count, classes = 1], values }) {
  if (classes === 1) return values;
  return Array.from({ length: count }, (_, row) => {
    const scores = values.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
}

/**
 * @param {Dropped[]} files of NumPy's arrays
 * @param {(part: number) => void} tell
 * @returns {Promise<import("./found.js").Found>}
 * @throws in one sentence, if they are no images with labels
 */
export async function readArrays(files, tell) {
  /** @type {NumpyArray[]} */
  const arrays = [];
  for (const [index, { name, content }] of files.entries()) {
    arrays.push(readNpy(name, new Uint8Array(await content.arrayBuffer())));
    tell((index + 1) / (files.length + 1));
  }
  const images = arrays.filter(isImages);
  const labels = arrays.filter((array) => !isImages(array) && array.shape.length >= 1);
  const listed = arrays.map(({ name, shape }) => `${ownName(name)} (${shape.join("×") || "one number"})`).join(", ");
  if (!images.length) throw new Error(`None of these arrays holds images, [n, height, width]: ${listed}.`);
  const parts = images.map((array) => {
    const [count] = array.shape;
    const own = labels.filter(({ shape }) => shape[0] === count);
    const fitting = own.find(({ name }) => roleOf(name) === roleOf(array.name)) ?? own[0];
    if (!fitting) {
      throw new Error(
        `No labels belong to the ${counted(count)} images of ${ownName(array.name)}: an array with as many whole numbers is ` +
          `needed, as y_train beside x_train. There are ${listed}.`,
      );
    }
    return { ...imagesOf(array), said: saidBy(fitting) };
  });
  const [first] = files[0].name.split(/[/\\]/);
  return together(parts, { files: files.map(({ name }) => name), title: titleOf(first) });
}
