// Checks of what a caller passed, before it reaches the glue, where a wrong type would end in a trap. Only types are
// looked at here: what the values mean is the core's to judge. What comes out can be cloned, so it can be posted.

import { engineError } from "./errors.js";

/**
 * Takes a value and the name that an error calls it by; answers with the value as it is passed on.
 *
 * @template T
 * @typedef {(value: unknown, name: string) => T} Check
 */
/** @typedef {Record<string, Check<unknown>>} Checks by the names of what they check */
/**
 * What comes out of checks.
 *
 * @template {Checks} C
 * @typedef {{ [Name in keyof C]: ReturnType<C[Name]> }} Checked
 */

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
 * A name, or what Keras serialises, as JSON text.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
export function named(value, name) {
  return typeof value === "string" ? JSON.stringify(value) : json(value, name);
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
 * An object with these properties and no other; one that was left out has none.
 *
 * @template {Checks} C
 * @param {C} checks
 * @returns {Check<Checked<C>>}
 */
export function record(checks) {
  return (value, name) => {
    if (value !== undefined && (typeof value !== "object" || value === null)) {
      throw mistyped(name, "an object", value);
    }
    const given = /** @type {Record<string, unknown>} */ (value ?? {});
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(checks, key));
    if (unknown !== undefined) throw misnamed(name, unknown, Object.keys(checks));
    return /** @type {Checked<C>} */ (
      Object.fromEntries(Object.entries(checks).map(([key, check]) => [key, check(given[key], key)]))
    );
  };
}

/** Letters of an unknown name that are compared with known ones, which are shorter. */
const MAX_COMPARED = 40;

/**
 * @param {string} name
 * @param {string} unknown
 * @param {string[]} known
 */
function misnamed(name, unknown, known) {
  const lower = unknown.toLowerCase().slice(0, MAX_COMPARED);
  const [nearest] = known
    .map((key) => ({ key, distance: distance(key.toLowerCase(), lower) }))
    .sort((one, other) => one.distance - other.distance);
  const hint =
    nearest.distance <= unknown.length / 3 ? `did you mean ${nearest.key}?` : `it can have ${known.join(", ")}`;
  return engineError("type", `${unknown}: ${name} has no such property; ${hint}`);
}

/**
 * How many letters must be changed, put in or left out to make one word of the other (Levenshtein 1966).
 *
 * @param {string} one
 * @param {string} other
 */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [line, letter] of Array.from(one).entries()) {
    const above = row;
    row = [line + 1];
    for (let at = 0; at < other.length; at++) {
      const changed = above[at] + (letter === other[at] ? 0 : 1);
      row.push(Math.min(changed, above[at + 1] + 1, row[at] + 1));
    }
  }
  return row[other.length];
}

/**
 * @template T
 * @param {Check<T>} check of what may be left out
 * @returns {Check<T | undefined>}
 */
export function optional(check) {
  return or(check, undefined);
}

/**
 * @template T
 * @template Default
 * @param {Check<T>} check
 * @param {Default} value what stands for what was left out
 * @returns {Check<T | Default>}
 */
export function or(check, value) {
  return (given, name) => (given === undefined ? value : check(given, name));
}

/** The largest count that the bindings take. */
const MAX_COUNT = 0xffff_ffff;

/**
 * A whole number in a range.
 *
 * @param {number} min
 * @param {number} max
 * @returns {Check<number>}
 */
function whole(min, max) {
  return (value, name) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      throw mistyped(name, `a whole number from ${min} to ${max}`, value);
    }
    return value;
  };
}

/** A place in a list, from 0, or how many there are of something that there may be none of. */
export const index = whole(0, MAX_COUNT);
export const count = whole(1, MAX_COUNT);
export const byte = whole(0, 255);
/** Seeds, and what is counted without an end. */
export const integer = whole(0, Number.MAX_SAFE_INTEGER);

/**
 * Which build of the engine is wanted.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {import("../convscope.js").Variant | "auto"}
 */
export function variant(value, name) {
  if (value === undefined) return "auto";
  if (value === "auto" || value === "simd" || value === "relaxed") return value;
  throw mistyped(name, '"auto", "simd" or "relaxed"', value);
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
 * @returns {[number, number]}
 */
export function pair(value, name) {
  if (!Array.isArray(value) || value.length !== 2) throw mistyped(name, "a list of two finite numbers", value);
  return [finite(value[0], `${name}[0]`), finite(value[1], `${name}[1]`)];
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {[right: number, down: number]} whole steps
 */
export function steps(value, name) {
  const [right, down] = pair(value, name);
  if (!Number.isInteger(right) || !Number.isInteger(down)) throw mistyped(name, "[right, down] in whole pixels", value);
  return [right, down];
}

/**
 * Numbers, or an object that is checked otherwise.
 *
 * @template T
 * @param {Check<T>} check
 * @returns {Check<Float32Array | T>}
 */
export function floatsOr(check) {
  return (value, name) => {
    if (ArrayBuffer.isView(value)) return floats(value, name);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw mistyped(name, "a Float32Array or an object", value);
    }
    return check(value, name);
  };
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
  return Uint32Array.from(value, (value, at) => index(value, `${name}[${at}]`));
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {[height: number, width: number, channels: number]}
 */
export function imageShape(value, name) {
  if (!Array.isArray(value) || value.length !== 3) throw mistyped(name, "[height, width, channels]", value);
  const [height, width, channels] = value.map((side, at) => index(side, `${name}[${at}]`));
  return [height, width, channels];
}

/**
 * Strokes as flat arrays, which cost a copy where nested ones would have to be walked on the other side.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {{ points: Float32Array, lengths: Uint32Array }} x and y of all points; the number of points of each stroke
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
  return { points: flat, lengths: Uint32Array.from(value, (stroke) => stroke.length) };
}

/**
 * A data set: `api.js`, which has the class, tells one. Whoever carries the call out puts the binding in its place, as
 * which it is typed already.
 *
 * @param {unknown} value
 */
export function dataset(value) {
  return /** @type {import("convscope-wasm").Dataset} */ (value);
}
