// Data sets from files: those that were dropped on the page, and MNIST from data/ beside it, where a sample is.

import { damagedError, resource } from "../engine/resources.js";
import { readIdx } from "./idx.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("./choice.js").Progress} Progress */

/** MNIST's files, as its mirrors name them. */
const MNIST = [
  "train-images-idx3-ubyte.gz",
  "train-labels-idx1-ubyte.gz",
  "t10k-images-idx3-ubyte.gz",
  "t10k-labels-idx1-ubyte.gz",
];
/** The sample is small: fewer images for validation would measure too roughly. */
const SAMPLE_VALIDATION = 1 / 6;

/**
 * @param {Engine} engine
 * @param {import("./formats/found.js").Dropped[]} files
 * @returns {import("./choice.js").Source}
 */
export function dropped(engine, files) {
  return {
    title: "Your files",
    async load(progress, signal) {
      const { readDropped } = await import("./formats/dropped.js");
      return readDropped(engine, files, progress, signal);
    },
  };
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
    return await readIdx(engine, files, progress, signal, validation).catch((error) => {
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
