// What reading a model file gives, how much of it is taken, and how it is refused.

/**
 * A weight as Keras lays it out: kernels `[height, width, in, out]` or `[in, out]`, the last axis fastest.
 *
 * @typedef {{ shape: number[], values: Float32Array<ArrayBufferLike> }} Weight
 */

/** @typedef {Map<string, Weight>} Weights by `layer/weight`, as the engine names them (`conv2d/kernel`) */
/** @typedef {Record<string, any>} Json */

/**
 * @typedef {object} Training what `model.compile` reads
 * @property {unknown} optimizer as `keras.optimizers.serialize` writes it, or its name
 * @property {unknown} loss
 */

/**
 * @typedef {object} ModelFile
 * @property {string} format what was read, in words: "a Keras file"
 * @property {Json} config the model's description as Keras 3 writes it, or Keras 2, which the engine reads as well
 * @property {Weights} [weights] absent where the file has none
 * @property {Training} [training] absent where the file says nothing of it
 * @property {string[]} passedOver sentences: what the file has besides, and why that does no harm
 */

/** @typedef {{ place: string, sentence: string }} Problem `place` is a layer, a file or a line */

/** The most bytes that all files together may have, packed and unpacked: 1 GiB. */
export const MAX_BYTES = 2 ** 30;
/** The most entries of an archive, of a group tree or of a graph. */
export const MAX_ENTRIES = 10_000;
/** The longest description, in bytes; the engine reads no longer one. */
export const MAX_DESCRIPTION = 2 ** 20;
/** The most layers that a model is read with; the engine reads no more. */
export const MAX_LAYERS = 256;
/** The longest name that is repeated in a sentence. */
const MAX_SHOWN = 80;
/** The most problems that one sentence tells. */
const MAX_PROBLEMS = 8;

/** A file that cannot be read. Its message has a line for each problem. */
export class UnreadableError extends Error {
  /** @type {Problem[]} */
  problems;

  /** @param {Problem[]} problems at least one */
  constructor(problems) {
    const shown = problems
      .slice(0, MAX_PROBLEMS)
      .map(({ place, sentence }) => (place ? `${place}: ${sentence}` : sentence));
    if (problems.length > MAX_PROBLEMS) shown.push(`And ${problems.length - MAX_PROBLEMS} more.`);
    super(shown.join("\n"));
    this.name = "UnreadableError";
    this.problems = problems;
  }
}

/** @param {string} place @param {string} sentence @returns {UnreadableError} */
export function unreadable(place, sentence) {
  return new UnreadableError([{ place, sentence }]);
}

/** What a file says, short enough to be repeated. @param {unknown} value */
export function shown(value) {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  // Control characters and half surrogates make no sentence.
  const plain = text.slice(0, MAX_SHOWN + 1).replace(/[\p{C}]/gu, "\u{fffd}");
  return plain.length > MAX_SHOWN ? `${plain.slice(0, MAX_SHOWN)}…` : plain;
}

/** @param {readonly number[]} shape @returns {number} how many numbers it holds */
export function sizeOf(shape) {
  return shape.reduce((count, size) => count * size, 1);
}

/**
 * A shape from a file: whole numbers that do not ask for more memory than all files may have.
 *
 * @param {string} place
 * @param {readonly unknown[]} sizes
 * @returns {number[]}
 */
export function checkedShape(place, sizes) {
  const isWhole = sizes.every((size) => Number.isSafeInteger(size) && /** @type {number} */ (size) >= 0);
  if (!isWhole || sizes.length > 8) {
    throw unreadable(place, `expected a shape of at most 8 whole numbers, got ${shown(sizes)}.`);
  }
  const shape = /** @type {number[]} */ (sizes);
  if (sizeOf(shape) * 4 > MAX_BYTES) {
    throw unreadable(place, `its shape ${shown(shape)} asks for more than 1 GiB.`);
  }
  return [...shape];
}

/**
 * @param {string} place
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function textOf(place, bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(place, "expected UTF-8 text.");
  }
}

/**
 * @param {string} place
 * @param {string} text
 * @param {number} [longest] in characters
 * @returns {any}
 */
export function jsonOf(place, text, longest = MAX_DESCRIPTION) {
  if (text.length > longest) {
    throw unreadable(place, `a model’s description has at most ${longest} bytes, got ${text.length}.`);
  }
  try {
    // Python writes infinities and NaN as JSON has none.
    return JSON.parse(text.replace(/(?<=[[:,]\s*)(?:-?Infinity|NaN)(?=\s*[,\]}])/g, "null"));
  } catch (error) {
    throw unreadable(place, `it is not JSON (${shown(/** @type {Error} */ (error).message)}).`);
  }
}

/** @param {unknown} value @returns {value is Json} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
