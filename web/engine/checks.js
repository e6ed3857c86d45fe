// Checks what a caller passed before it reaches the glue, where a wrong type would end in a trap. Only types are
// looked at here: what the values mean is the core's to judge. What comes out can be cloned, so it can be posted.

import { engineError } from "./errors.js";

/**
 * @param {string} name
 * @param {string} needed
 * @param {unknown} value
 */
function mistyped(name, needed, value) {
  return engineError("type", `${name}: needs ${needed}, got ${described(value)}`);
}

/** @param {unknown} value */
function described(value) {
  if (value === null || value === undefined || typeof value === "boolean") return String(value);
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "object") return `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
  return `a ${typeof value}`;
}

/**
 * Whether `value` is of that class. Arrays from another frame count too, which `instanceof` would refuse.
 *
 * @param {unknown} value
 * @param {string} name
 * @param {string} wanted
 */
function isA(value, name, wanted) {
  if (Object.prototype.toString.call(value) !== `[object ${wanted}]`) return false;
  if (!ArrayBuffer.isView(value) && wanted !== "ArrayBuffer") return false;
  const memory = ArrayBuffer.isView(value) ? value.buffer : value;
  try {
    // The one thing that tells in every browser whether the memory was transferred elsewhere.
    return Boolean(new Uint8Array(/** @type {ArrayBuffer} */ (memory)));
  } catch (error) {
    throw engineError("type", `${name}: the array was transferred elsewhere`, error);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
export function text(value, name) {
  if (typeof value !== "string") throw mistyped(name, "a string", value);
  return value;
}

/**
 * JSON text as it is, anything else as JSON text.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
export function json(value, name) {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) throw mistyped(name, "an object or JSON text", value);
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    throw engineError("type", `${name}: cannot be written as JSON`, error);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Record<string, unknown>}
 */
export function options(value, name) {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null) throw mistyped(name, "an object", value);
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} [max]
 * @returns {number}
 */
export function integer(value, name, max = Number.MAX_SAFE_INTEGER) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > max) {
    throw mistyped(name, `a whole number from 0 to ${max}`, value);
  }
  return value;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {number}
 */
export function count(value, name) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > 0xffff_ffff) {
    throw mistyped(name, `a whole number from 1 to ${0xffff_ffff}`, value);
  }
  return value;
}

/**
 * How many workers an engine gets. A batch is cut into shards in halves, so that three would be no faster than two.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {number}
 */
export function workers(value, name) {
  if (value === undefined) return 1;
  if (value === 1 || value === 2 || value === 4) return value;
  if (value !== "auto") throw mistyped(name, '1, 2, 4 or "auto"', value);
  const { hardwareConcurrency = 1 } = globalThis.navigator ?? {};
  return [4, 2, 1].find((count) => count <= hardwareConcurrency) ?? 1;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {number}
 */
export function finite(value, name) {
  if (typeof value !== "number" || !Number.isFinite(value)) throw mistyped(name, "a finite number", value);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {number[]} two finite numbers
 */
export function pair(value, name) {
  if (!Array.isArray(value) || value.length !== 2) throw mistyped(name, "a list of two finite numbers", value);
  return value.map((number, at) => finite(number, `${name}[${at}]`));
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {boolean}
 */
export function flag(value, name) {
  if (typeof value !== "boolean") throw mistyped(name, "true or false", value);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Float32Array}
 */
export function floats(value, name) {
  if (!isA(value, name, "Float32Array")) throw mistyped(name, "a Float32Array", value);
  return /** @type {Float32Array} */ (value);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint8Array}
 */
export function bytes(value, name) {
  if (isA(value, name, "Uint8Array")) return /** @type {Uint8Array} */ (value);
  if (isA(value, name, "ArrayBuffer")) return new Uint8Array(/** @type {ArrayBuffer} */ (value));
  throw mistyped(name, "a Uint8Array or an ArrayBuffer", value);
}

/**
 * Labels, or one row of numbers an example.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint16Array | Float32Array}
 */
export function targets(value, name) {
  return isA(value, name, "Float32Array") ? /** @type {Float32Array} */ (value) : labels(value, name);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint16Array}
 */
export function labels(value, name) {
  if (isA(value, name, "Uint16Array")) return /** @type {Uint16Array} */ (value);
  if (isA(value, name, "Uint8Array")) return Uint16Array.from(/** @type {Uint8Array} */ (value));
  throw mistyped(name, "a Uint8Array or a Uint16Array of labels", value);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint32Array}
 */
export function indices(value, name) {
  if (isA(value, name, "Uint32Array")) return /** @type {Uint32Array} */ (value);
  if (!Array.isArray(value)) throw mistyped(name, "a Uint32Array or an array of whole numbers", value);
  return Uint32Array.from(value, (index, at) => integer(index, `${name}[${at}]`, 0xffff_ffff));
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {number[]} height, width, channels
 */
export function imageShape(value, name) {
  if (!Array.isArray(value) || value.length !== 3) throw mistyped(name, "[height, width, channels]", value);
  return value.map((side, at) => integer(side, `${name}[${at}]`, 0xffff_ffff));
}

/**
 * Strokes as flat arrays, which cost a copy where nested ones would have to be walked on the other side.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {[points: Float32Array, lengths: Uint32Array]} x and y of all points; the number of points of each stroke
 */
export function strokes(value, name) {
  if (!Array.isArray(value)) throw mistyped(name, "an array of strokes", value);
  const points = value.flatMap((stroke, at) => {
    if (!Array.isArray(stroke)) throw mistyped(`${name}[${at}]`, "an array of [x, y] points", stroke);
    return stroke;
  });
  const flat = new Float32Array(2 * points.length);
  points.forEach((point, at) => {
    if (!Array.isArray(point) || point.length !== 2) throw mistyped(`${name}, point ${at}`, "[x, y]", point);
    flat[2 * at] = finite(point[0], `${name}, point ${at}, x`);
    flat[2 * at + 1] = finite(point[1], `${name}, point ${at}, y`);
  });
  return [flat, Uint32Array.from(value, (stroke) => stroke.length)];
}
