// Data sets in IDX form: from files that were dropped on the page, or from data/ beside it, where a sample of MNIST is.

import { damagedError, resource } from "../engine/resources.js";
import { split, splitInThree } from "./split.js";
import { unpack } from "./unpack.js";
import { counted } from "../ui/counted.js";
import { PIXELS, SIDE } from "./image-size.js";
import { TEST_BY_CHANCE, TURNED, testOf, yourFiles } from "./words.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {import("./choice.js").DataSet} DataSet */
/** @typedef {import("./choice.js").Progress} Progress */
/** @typedef {import("./unpack.js").IdxFile} IdxFile */

export const DIGITS = Array.from("0123456789");
/** As its makers name them (Xiao, Rasul, Vollgraf 2017). */
const CLOTHES = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/** How the training labels and the test labels of data sets begin whose files have the same names. */
const KNOWN = [
  { title: "MNIST", named: undefined, first: ["5041921314", "7210414959"], classes: DIGITS },
  { title: "Fashion-MNIST", named: /fashion/i, first: ["9003027255", "9211614657"], classes: CLOTHES },
];
/** MNIST's files, as its mirrors name them. */
const MNIST = [
  "train-images-idx3-ubyte.gz",
  "train-labels-idx1-ubyte.gz",
  "t10k-images-idx3-ubyte.gz",
  "t10k-labels-idx1-ubyte.gz",
];
/** The part that is kept for validation, and for the test where no second pair of files came along. */
const APART = 0.1;
/** The sample is small: fewer images for validation would measure too roughly. */
const SAMPLE_VALIDATION = 1 / 6;

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

/** @param {Engine} engine @param {{ images: IdxFile, labels: IdxFile }} pair @returns {Promise<Examples>} */
async function examplesOf(engine, { images, labels }) {
  const [height, width] = images.size ?? [];
  if (height !== SIDE || width !== SIDE) {
    throw new Error(
      `${images.name} holds images of ${height}×${width} pixels; the networks here read ${SIDE}×${SIDE}.`,
    );
  }
  const examples = await engine.readIdx(images.bytes, labels.bytes);
  const largest = examples.labels.reduce((most, label) => Math.max(most, label), 0);
  if (largest >= DIGITS.length)
    throw new Error(`${labels.name} has labels up to ${largest}; the networks here know 0 to 9.`);
  return examples;
}

/**
 * @param {Engine} engine
 * @param {{ name: string, content: Blob }[]} files
 * @param {Progress} progress
 * @param {AbortSignal} signal
 * @param {number} [validation] the part that is kept for validation
 * @returns {Promise<DataSet>}
 */
async function read(engine, files, progress, signal, validation = APART) {
  /** @type {IdxFile[]} */
  const unpacked = [];
  for (const [index, { name, content }] of files.entries()) {
    progress(index, files.length);
    unpacked.push(await unpack(engine, name, content, signal));
  }
  const [first, second] = pairs(unpacked);
  const turned = unpacked.some(({ name }) => /emnist/i.test(name));
  /** @param {{ images: IdxFile, labels: IdxFile }} pair */
  const upright = async (pair) => {
    const examples = await examplesOf(engine, pair);
    return turned ? transposed(examples) : examples;
  };
  const examples = await upright(first);
  const parts = second
    ? { ...(await split(engine, examples, { validation, seed: 0 })), test: await upright(second) }
    : await splitInThree(engine, examples, { validation, test: APART, seed: 0 });
  progress(files.length, files.length);
  const note = yourFiles(second ? testOf(second.images.name) : TEST_BY_CHANCE);
  const known = knownSet(unpacked, examples.labels);
  return {
    ...parts,
    title: known?.title ?? first.images.name,
    classes: known?.classes ?? DIGITS,
    note: turned ? `${note} ${TURNED}` : note,
  };
}

/**
 * A data set that is known by the name of a file or by its first labels: Fashion-MNIST's own files are called as MNIST's.
 *
 * @param {IdxFile[]} files
 * @param {Uint8Array} labels
 */
function knownSet(files, labels) {
  const begins = labels.subarray(0, 10).join("");
  return KNOWN.find(({ named, first }) => first.includes(begins) || files.some(({ name }) => named?.test(name)));
}

/** @param {Examples} examples @returns {Examples} with rows and columns of each image exchanged */
function transposed({ pixels, labels, shape }) {
  const upright = pixels.map((_, at) => {
    const inside = at % PIXELS;
    return pixels[at - inside + (inside % SIDE) * SIDE + Math.floor(inside / SIDE)];
  });
  return { pixels: upright, labels, shape };
}

/**
 * @param {Engine} engine
 * @param {File[]} files
 * @returns {import("./choice.js").Source}
 */
export function dropped(engine, files) {
  const named = files.map((file) => ({ name: file.webkitRelativePath || file.name, content: file }));
  return { title: "Your files", load: (progress, signal) => read(engine, named, progress, signal) };
}

/**
 * What the files of MNIST in a folder of the site hold.
 *
 * @param {Engine} engine
 * @param {string} folder
 * @param {string} otherwise what to do if they are not there, or no good
 * @param {Progress} progress
 * @param {AbortSignal} signal
 * @param {number} [validation] the part that is kept for validation
 */
async function readFolder(engine, folder, otherwise, progress, signal, validation) {
  const paths = MNIST.map((name) => `${folder}/${name}`);
  try {
    const files = await Promise.all(
      paths.map(async (path) => ({ name: path, content: new Blob([await resource(path)]) })),
    );
    return await read(engine, files, progress, signal, validation).catch((error) => {
      signal.throwIfAborted();
      // An engine that stopped, or has no memory for them, says nothing about the files.
      if (["trap", "closed", "limit"].includes(error.code)) throw error;
      throw damagedError(folder, undefined, paths);
    });
  } catch (error) {
    throw new Error(`${/** @type {Error} */ (error).message} ${otherwise}`, { cause: error });
  }
}

/**
 * MNIST from data/ beside the page.
 *
 * @param {Engine} engine
 * @returns {import("./choice.js").Source}
 */
export function beside(engine) {
  return {
    title: "MNIST",
    async load(progress, signal) {
      const otherwise = "Or drop the four files of MNIST here instead.";
      const set = await readFolder(engine, "data", otherwise, progress, signal);
      const note =
        "Handwritten digits of some 500 people (LeCun, Cortes, Burges). A tenth of its training images is kept apart for validation.";
      return { ...set, title: "MNIST", note };
    },
  };
}

/**
 * A twentieth of MNIST, which is part of the site.
 *
 * @param {Engine} engine
 * @returns {import("./choice.js").Source}
 */
export function sample(engine) {
  return {
    title: "MNIST sample",
    async load(progress, signal) {
      const otherwise = "Or choose generated digits.";
      const set = await readFolder(engine, "data/mnist-sample", otherwise, progress, signal, SAMPLE_VALIDATION);
      const note =
        "4,000 of MNIST’s handwritten digits (LeCun, Cortes, Burges; licence CC BY-SA 3.0): every twentieth training image, every tenth test image.";
      return { ...set, title: "MNIST sample", note, sample: true };
    },
  };
}
