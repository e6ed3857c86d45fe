// Seeded choices, and edits of what is valid: text, bytes and JSON with something wrong in one place.

/** Numbers at which something ends. */
const NUMBERS = [
  0, -0, 1, -1, 2, 3, 0.5, 7, 9, 10, 28, 255, 256, 65_535, 65_536, 2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32,
  Number.MAX_SAFE_INTEGER, 2 ** 53, 1e300, -1e300, 5e-324, 1e-9, -2, 1.5,
]; // prettier-ignore
const WORDS = [
  "__proto__", "constructor", "prototype", "toString", "valueOf", "then", "length", "", " ", "\u0000", "é\ud800", "relu", "conv2d",
  "dense", "<img src=x onerror=alert(1)>", "../..", "https://example.invalid/", "NaN", "1e999",
]; // prettier-ignore

export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  /** 0 to 1; mulberry32. */
  unit() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} bound a whole number below it */
  below(bound) {
    return Math.floor(this.unit() * bound);
  }

  /** @template T @param {readonly T[]} choices @returns {T} */
  one(choices) {
    return choices[this.below(choices.length)];
  }
}

/** @param {readonly Uint8Array[]} parts */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Random} random @param {Uint8Array} bytes which stay as they are */
export function editedBytes(random, bytes) {
  let edited = bytes.slice();
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(edited.length + 1);
    const end = Math.min(edited.length, at + random.below(random.below(2) ? 9 : edited.length - at + 1));
    const to = random.below(edited.length + 1);
    switch (random.below(7)) {
      case 0:
        // Where there is no such byte, nothing is written.
        edited[at] ^= 1 << random.below(8);
        break;
      case 1:
        edited[at] = random.below(256);
        break;
      case 2: {
        const number = random.one(NUMBERS);
        for (let byte = 0; byte < 4; byte++) edited[at + byte] = number >>> (8 * byte);
        break;
      }
      case 3:
        edited = edited.slice(0, at);
        break;
      case 4:
        edited = joined([edited.subarray(0, at), edited.subarray(end)]);
        break;
      case 5:
        edited = joined([edited.subarray(0, to), edited.subarray(at, end), edited.subarray(to)]);
        break;
      default:
        edited = joined([edited, new Uint8Array(random.below(17)).fill(random.below(2) * 255)]);
    }
  }
  return edited;
}

/** @param {Random} random @param {string} text @param {string} [letters] that are put in its place */
export function editedText(random, text, letters = 'AZaz09-_,&=%#[]{}":é\u0000') {
  let edited = text;
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(edited.length + 1);
    const end = at + random.below(9);
    const [before, part, after] = [edited.slice(0, at), edited.slice(at, end), edited.slice(end)];
    switch (random.below(7)) {
      case 0:
        edited = before + letters[random.below(letters.length)] + part + after;
        break;
      case 1:
        edited = before + after;
        break;
      case 2:
        edited = before + part + part + after;
        break;
      case 3:
        edited = after + part + before;
        break;
      case 4:
        edited = before;
        break;
      case 5:
        edited = before + random.one(WORDS) + after;
        break;
      default:
        edited = before + random.one(NUMBERS) + after;
    }
  }
  return edited;
}

/** @param {Random} random @returns {unknown} a value to stand where another stood */
export function junk(random) {
  return random.one([null, true, false, [], {}, [1, 2], random.one(NUMBERS), random.one(NUMBERS), random.one(WORDS)]);
}

/** @param {unknown} value @param {[holder: any, key: string][]} all to which every place in it is added */
function addPlaces(value, all) {
  if (typeof value !== "object" || value === null) return all;
  for (const key of Object.keys(value)) {
    all.push([value, key]);
    addPlaces(value[key], all);
  }
  return all;
}

/** Sets what may be called "__proto__", too. @param {any} holder @param {string} key @param {unknown} value */
function put(holder, key, value) {
  if (key !== "__proto__") holder[key] = value;
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A copy of a value of JSON, many times as fast as structuredClone. @param {any} value */
function copied(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  const copy = {};
  for (const key of Object.keys(value)) put(copy, key, copied(value[key]));
  return copy;
}

/** A value of the same kind that may well be right, too. @param {Random} random @param {any} value */
function nearby(random, value) {
  if (typeof value === "number") return random.one([value + 1, value - 1, value / 2, 2 * value, 0, 1]);
  if (typeof value === "boolean") return !value;
  return typeof value === "string" ? editedText(random, value) : value;
}

const MOST_PLACES = 2000;

/**
 * @param {Random} random
 * @param {unknown} value of JSON, which stays as it is
 * @param {(random: Random) => unknown} [other]
 */
export function editedJson(random, value, other = junk) {
  const root = { value: copied(value) };
  // Most often one place: behind what refuses an input, nothing is reached.
  for (let left = Math.max(1, random.below(4)); left > 0; left--) {
    const all = addPlaces(root, []);
    if (all.length > MOST_PLACES) break;
    const [holder, key] = random.one(all);
    const [from, name] = random.one(all);
    switch (random.below(8)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else if (holder !== root) delete holder[key];
        break;
      case 1:
        put(holder, key, copied(from[name]));
        break;
      case 2:
        if (Array.isArray(holder) && holder.length < 100) holder.push(copied(from[name]));
        else if (holder !== root) put(holder, random.one(WORDS), other(random));
        break;
      case 3:
      case 4:
        put(holder, key, nearby(random, holder[key]));
        break;
      default:
        put(holder, key, other(random));
    }
  }
  return root.value;
}
