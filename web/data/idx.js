// Data sets in IDX form, the format of MNIST and EMNIST.

import { split, splitInThree } from "./split.js";
import { unpack } from "./unpack.js";
import { counted } from "../ui/counted.js";
import { DIGITS } from "./digits.js";
import { knownSet } from "./formats/class-names.js";
import { numbered } from "./formats/labels.js";
import { inTurns } from "./turns.js";
import { TEST_BY_CHANCE, TURNED, testOf, yourFiles } from "./words.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {import("./choice.js").DataSet} DataSet */
/** @typedef {import("./choice.js").Progress} Progress */
/** @typedef {import("./unpack.js").IdxFile} IdxFile */

/** The part that is kept for validation, and for the test where no second pair of files came along. */
const APART = 0.1;

/**
 * Images with the labels that belong to them, by count and, where that leaves a choice, by name.
 *
 * @param {IdxFile[]} files
 * @returns {{ images: IdxFile, labels: IdxFile }[]} most examples first
 */
export function pairs(files) {
  const images = files.filter(({ size }) => size);
  const labels = files.filter(({ size }) => !size);
  if (!labels.length)
    throw new Error(`${images[0].name} holds images; drop the file with their labels together with it.`);
  if (!images.length)
    throw new Error(`${labels[0].name} holds labels; drop the file with their images together with it.`);
  const found = images.map((one) => {
    const fitting = labels.filter(({ count }) => count === one.count);
    const expected = one.name.replace("images", "labels").replace("idx3", "idx1");
    const partner = fitting.find(({ name }) => name === expected) ?? fitting[0];
    if (!partner) {
      const counts = labels.map(({ name, count }) => `${name} has ${counted(count)}`).join(", ");
      throw new Error(`No labels belong to ${one.name}: it has ${counted(one.count)} images, ${counts} labels.`);
    }
    return { images: one, labels: partner };
  });
  return found.sort((a, b) => b.images.count - a.images.count);
}

/**
 * What the labels stand for, and the labels as numbers of that. Labels up to 9 are digits unless the set is known.
 *
 * @param {string} name of the file of labels
 * @param {Uint8Array[]} parts labels of each part
 * @param {import("./formats/class-names.js").Known | undefined} known
 */
function classesOf(name, parts, known) {
  const { classes = DIGITS, first = 0 } = known ?? {};
  const all = parts.flatMap((labels) => [labels.reduce(smaller, 255), labels.reduce(larger, 0)]);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (least >= first && most < first + classes.length) {
    return {
      classes: [...classes],
      labels: first ? parts.map((labels) => labels.map((label) => label - first)) : parts,
    };
  }
  if (known) {
    const last = first + classes.length - 1;
    throw new Error(`${name} has labels from ${least} to ${most}; ${known.title} has ${first} to ${last}.`);
  }
  return numbered(name, parts);
}

const smaller = (/** @type {number} */ one, /** @type {number} */ other) => Math.min(one, other);
const larger = (/** @type {number} */ one, /** @type {number} */ other) => Math.max(one, other);

/**
 * @param {Engine} engine
 * @param {{ name: string, content: Blob }[]} files
 * @param {Progress} progress
 * @param {AbortSignal} signal
 * @param {number} [validation] the part that is kept for validation
 * @returns {Promise<DataSet>}
 */
export async function readIdx(engine, files, progress, signal, validation = APART) {
  /** @type {IdxFile[]} */
  const unpacked = [];
  for (const [index, { name, content }] of files.entries()) {
    progress(index, files.length);
    unpacked.push(await unpack(engine, name, content, signal));
  }
  const [first, second] = pairs(unpacked);
  const turned = unpacked.some(({ name }) => /emnist/i.test(name));
  /** @param {{ images: IdxFile, labels: IdxFile }} pair */
  const upright = async ({ images, labels }) => {
    const examples = await engine.readIdx(images.bytes, labels.bytes);
    return turned ? transposed(examples) : examples;
  };
  const learnt = await upright(first);
  const test = second && (await upright(second));
  const names = unpacked.map(({ name }) => name);
  const known = knownSet(names, learnt.labels);
  const parts = test ? [learnt.labels, test.labels] : [learnt.labels];
  const { classes, labels } = classesOf(first.labels.name, parts, known);
  const examples = { ...learnt, labels: labels[0] };
  const divided = test
    ? { ...(await split(engine, examples, { validation, seed: 0 })), test: { ...test, labels: labels[1] } }
    : await splitInThree(engine, examples, { validation, test: APART, seed: 0 });
  progress(files.length, files.length);
  const note = yourFiles(second ? testOf(second.images.name) : TEST_BY_CHANCE);
  return {
    ...divided,
    title: known?.title ?? first.images.name,
    classes,
    note: turned ? `${note} ${TURNED}` : note,
  };
}

/** @param {Examples} examples @returns {Promise<Examples>} with rows and columns of each image exchanged */
async function transposed({ pixels, labels, shape: [height, width] }) {
  const upright = new Uint8Array(pixels.length);
  const cells = height * width;
  await inTurns(labels.length, (image) => {
    const from = image * cells;
    for (let cell = 0; cell < cells; cell++) {
      upright[from + (cell % width) * height + Math.floor(cell / width)] = pixels[from + cell];
    }
  });
  return { pixels: upright, labels, shape: [width, height, 1] };
}
