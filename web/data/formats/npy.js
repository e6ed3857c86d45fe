// NumPy's arrays: one in a .npy file, several in a .npz archive.

import { counted } from "../../ui/counted.js";
import { checkImages } from "./limits.js";

/** @typedef {import("./found.js").Part} Part */
/** @typedef {Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array} Numbers */
/**
 * @typedef {object} NumpyArray
 * @property {string} name
 * @property {number[]} shape
 * @property {Numbers} values in C's order
 * @property {boolean} whole whether they are of a type of whole numbers
 */

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MOST_HEADER = 65_535;
const MOST_AXES = 5;
/** Numbers of an array at most; pixels have a bound of their own. */
const MOST_VALUES = 250_000_000;

/** What NumPy calls types of numbers. */
const TYPES = {
  b1: Uint8Array,
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  u8: BigUint64Array,
  i8: BigInt64Array,
  f4: Float32Array,
  f8: Float64Array,
};

/** @param {string} name @param {Uint8Array} bytes */
function headerOf(name, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || !MAGIC.every((byte, index) => bytes[index] === byte)) {
    throw new Error(`${name} is no NumPy array: it does not begin as one.`);
  }
  const version = bytes[6];
  if (version < 1 || version > 3) throw new Error(`${name} is of version ${version} of npy; 1 to 3 are read.`);
  const begin = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MOST_HEADER || begin + length > bytes.length) {
    throw new Error(`${name} is cut short or damaged: its header promises ${counted(length)} bytes.`);
  }
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(bytes.subarray(begin, begin + length));
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (descr === undefined || fortran === undefined || sizes === undefined) {
    throw new Error(`${name} has a header that is not understood: ${JSON.stringify(text.trim().slice(0, 80))}.`);
  }
  const shape = sizes.split(",").flatMap((size) => (size.trim() ? [Number.parseInt(size, 10)] : []));
  return { descr, fortran: fortran === "True", shape, begin: begin + length };
}

/** From Fortran's order to C's. @param {Numbers} values @param {number[]} shape @returns {Numbers} */
function reordered(values, shape) {
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const other = new /** @type {Uint8ArrayConstructor} */ (values.constructor)(values.length);
  for (let index = 0; index < other.length; index++) {
    let [left, place] = [index, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += (left % shape[axis]) * steps[axis];
      left = Math.floor(left / shape[axis]);
    }
    other[index] = values[place];
  }
  return other;
}

/** Turns the bytes of each number round. @param {Uint8Array} bytes @param {number} size of a number */
function swap(bytes, size) {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 * @returns {NumpyArray}
 * @throws in one sentence, if it is no array of numbers, or shorter or longer than its header says
 */
export function readNpy(name, bytes) {
  const { descr, fortran, shape, begin } = headerOf(name, bytes);
  const [, order, type] = /^([<>|=])([uifb][1248])$/.exec(descr) ?? [];
  if (!type || !Object.hasOwn(TYPES, type)) {
    throw new Error(
      `${name} holds values of type ${JSON.stringify(descr.slice(0, 40))}; whole and decimal numbers are read (u1, i8, f4 …).`,
    );
  }
  const size = Number(type[1]);
  const count = shape.reduce((product, axis) => product * axis, 1);
  if (shape.length > MOST_AXES || !(count <= MOST_VALUES)) {
    throw new Error(
      `${name} has the shape ${shape.join("×")}; ${counted(MOST_VALUES)} numbers are the most that is read.`,
    );
  }
  if (bytes.length - begin !== count * size) {
    const promised = `${shape.join("×") || 1} numbers of ${size} bytes were promised, ${counted(bytes.length - begin)} bytes came`;
    throw new Error(`${name} is cut short or damaged: ${promised}.`);
  }
  const own = /** @type {Uint8Array<ArrayBuffer>} */ (
    type === "u1" || type === "b1" ? bytes.subarray(begin) : bytes.slice(begin)
  );
  if (order === ">") swap(own, size);
  const kept = new TYPES[/** @type {keyof typeof TYPES} */ (type)](own.buffer, own.byteOffset, count);
  const isBig = kept instanceof BigInt64Array || kept instanceof BigUint64Array;
  const numbers = isBig ? Float64Array.from(kept, Number) : kept;
  return { name, shape, values: fortran ? reordered(numbers, shape) : numbers, whole: type[0] !== "f" };
}

/**
 * Images as bytes, channels last. Decimal numbers up to 1 are taken for 0 to 1, all others for 0 to 255.
 *
 * @param {NumpyArray} array of 2 to 4 axes
 * @returns {Omit<Part, "said">}
 */
export function imagesOf({ name, shape, values, whole }) {
  const [count, ...sizes] = shape;
  const side = Math.sqrt(sizes[0]);
  const isFlat = sizes.length === 1;
  if (isFlat && !Number.isInteger(side)) {
    throw new Error(`${name} has rows of ${sizes[0]} numbers, which make no square image.`);
  }
  const planes = sizes.length === 3 && sizes[2] > 4 && (sizes[0] === 1 || sizes[0] === 3);
  const [height, width, channels = 1] = isFlat ? [side, side] : planes ? [sizes[1], sizes[2], sizes[0]] : sizes;
  checkImages(name, count, [height, width, channels]);
  let most = 0;
  for (const value of values) {
    if (!(value >= 0 && value <= 255)) {
      throw new Error(
        `${name} holds ${value}; pixels run from 0 to 255, or from 0 to 1. Undo what was done to them before they were saved.`,
      );
    }
    if (value > most) most = value;
  }
  const scale = !whole && most <= 1 ? 255 : 1;
  const cells = height * width;
  if (values instanceof Uint8Array && !planes) {
    return { name, shape: [height, width, channels], pixels: values };
  }
  const pixels = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) {
    let from = index;
    if (planes) {
      const inside = index % (cells * channels);
      from = index - inside + (inside % channels) * cells + Math.floor(inside / channels);
    }
    pixels[index] = Math.round(values[from] * scale);
  }
  return { name, shape: [height, width, channels], pixels };
}
