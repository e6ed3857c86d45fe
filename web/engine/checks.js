// Checks of what a caller passed, before it reaches the glue, where a wrong type would end in a trap. Only types are
// looked at here: what the values mean is the core's to judge. What comes out can be cloned, so it can be posted.

import { arraysIn } from "./arrays.js";
import { engineError, isEngineError } from "./errors.js";

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

/** What the engine can be passed at most: its memory ends at twice as much. */
const MAX_BYTES = 2 ** 31 - 1;
const MAX_CHARACTERS = 2 ** 22;
/** Items of a list that is no typed array; each is looked at. */
const MAX_ITEMS = 2 ** 20;
/** Twice as many as the core takes, which knows better. */
const MAX_POINTS = 2 ** 16;

/**
 * @param {string} name
 * @param {number} most
 * @param {string} unit
 * @param {number} got
 */
function checkLimit(name, most, unit, got) {
  if (got > most) throw engineError("limit", `${name}: at most ${most} ${unit}, got ${got}`);
}

const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype);
/** What a typed array says of itself, whatever its caller has put in front of that; nothing of other values. */
const [kindOf, bufferOf, offsetOf, lengthOf] = [Symbol.toStringTag, "buffer", "byteOffset", "length"].map(
  (name) => (/** @type {unknown} */ view) => Reflect.get(TYPED_ARRAY, name, view),
);

/** @param {ArrayBufferView} view @throws where its memory was transferred elsewhere, or has shrunk below it */
const checkPresent = (view) => TYPED_ARRAY.at.call(view, 0);

/**
 * The numbers of an array of that class, in a plain one of a fixed length; undefined if it is something else. Arrays from
 * another frame count too, which `instanceof` would refuse.
 *
 * @template {Float32Array | Uint8Array | Uint16Array | Uint32Array} View
 * @param {unknown} value
 * @param {string} name
 * @param {new (buffer: ArrayBufferLike, offset: number, length: number) => View} Class
 * @returns {View | undefined}
 */
function viewOf(value, name, Class) {
  if (!ArrayBuffer.isView(value) || kindOf(value) !== Class.name) return undefined;
  checkPresent(value);
  const view = new Class(bufferOf(value), offsetOf(value), lengthOf(value));
  checkLimit(name, MAX_BYTES, "bytes", view.byteLength);
  return view;
}

/** @param {unknown} value @returns {value is ArrayBuffer} also one from another frame */
function isBuffer(value) {
  try {
    return Reflect.get(ArrayBuffer.prototype, "byteLength", value) >= 0;
  } catch {
    return false;
  }
}

/**
 * Whether all arrays are still as they were when they were checked: reading what came behind them may have run a getter.
 *
 * @param {unknown} checked
 */
export function checkArrays(checked) {
  arraysIn(checked).forEach(checkPresent);
}

/**
 * What is made of the items of a list. Each is read once; a hole is undefined.
 *
 * @template T
 * @param {unknown} value
 * @param {string} name
 * @param {string} needed
 * @param {(item: unknown, at: number) => T} read
 * @param {number} [most]
 * @returns {T[]}
 */
function items(value, name, needed, read, most = MAX_ITEMS) {
  if (!Array.isArray(value)) throw mistyped(name, needed, value);
  const { length } = value;
  const made = [];
  for (let at = 0; at < length; at++) {
    checkLimit(name, most, "items", at + 1);
    made.push(read(value[at], at));
  }
  return made;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
export function text(value, name) {
  if (typeof value !== "string") throw mistyped(name, "a string", value);
  checkLimit(name, MAX_CHARACTERS, "characters", value.length);
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
  return typeof value === "string" ? JSON.stringify(text(value, name)) : json(value, name);
}

/**
 * JSON text as it is, anything else as JSON text.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
export function json(value, name) {
  if (typeof value === "string") return text(value, name);
  if (typeof value !== "object" || value === null) throw mistyped(name, "an object or JSON text", value);
  try {
    return text(JSON.stringify(value) ?? "null", name);
  } catch (error) {
    if (isEngineError(error)) throw error;
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
 * A record that has at least one of these properties: without any, there would be no end.
 *
 * @template T
 * @param {string[]} names
 * @param {Check<T>} check
 * @returns {Check<T>}
 */
export function anyOf(names, check) {
  return (value, name) => {
    const given = check(value, name);
    if (Object.entries(given ?? {}).some(([key, part]) => names.includes(key) && part !== undefined)) return given;
    throw engineError("type", `${name}: needs ${names.join(" or ")}`);
  };
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
  const view = viewOf(value, name, Float32Array);
  if (!view) throw mistyped(name, "a Float32Array", value);
  return view;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint8Array}
 */
export function bytes(value, name) {
  const view = viewOf(isBuffer(value) ? new Uint8Array(value) : value, name, Uint8Array);
  if (!view) throw mistyped(name, "a Uint8Array or an ArrayBuffer", value);
  return view;
}

/**
 * Labels, or one row of numbers an example.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint16Array | Float32Array}
 */
export function targets(value, name) {
  return viewOf(value, name, Float32Array) ?? labels(value, name);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint16Array}
 */
export function labels(value, name) {
  const view = viewOf(value, name, Uint16Array) ?? viewOf(value, name, Uint8Array);
  if (!view) throw mistyped(name, "a Uint8Array or a Uint16Array of labels", value);
  return view instanceof Uint16Array ? view : new Uint16Array(view);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint32Array}
 */
export function indices(value, name) {
  const needed = "a Uint32Array or an array of whole numbers";
  return (
    viewOf(value, name, Uint32Array) ??
    new Uint32Array(items(value, name, needed, (item, at) => index(item, `${name}[${at}]`)))
  );
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {[height: number, width: number, channels: number]}
 */
export function imageShape(value, name) {
  if (!Array.isArray(value) || value.length !== 3) throw mistyped(name, "[height, width, channels]", value);
  const [height, width, channels] = [0, 1, 2].map((at) => index(value[at], `${name}[${at}]`));
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
  /** @type {number[]} */
  const points = [];
  /** @param {unknown} point */
  const read = (point) => {
    const number = points.length / 2;
    checkLimit(name, MAX_POINTS, "points", number + 1);
    if (!Array.isArray(point) || point.length !== 2) throw mistyped(`${name}, point ${number}`, "[x, y]", point);
    points.push(finite(point[0], `${name}, point ${number}, x`), finite(point[1], `${name}, point ${number}, y`));
    return number;
  };
  const lengths = items(
    value,
    name,
    "an array of strokes",
    (stroke, at) => items(stroke, `${name}[${at}]`, "an array of [x, y] points", read, MAX_POINTS).length,
    MAX_POINTS,
  );
  return { points: new Float32Array(points), lengths: new Uint32Array(lengths) };
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
