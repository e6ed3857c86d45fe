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

/** @param {Random} random @param {Uint8Array} bytes */
export function editedBytes(random, bytes) {
  let edited = Array.from(bytes);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(edited.length + 1);
    const end = Math.min(edited.length, at + random.below(random.below(2) ? 9 : edited.length - at + 1));
    const part = edited.slice(at, end);
    const to = random.below(edited.length + 1);
    switch (random.below(7)) {
      case 0:
        if (at < edited.length) edited[at] ^= 1 << random.below(8);
        break;
      case 1:
        if (at < edited.length) edited[at] = random.below(256);
        break;
      case 2:
        new Uint8Array(new Uint32Array([random.one(NUMBERS)]).buffer).forEach((byte, index) => {
          if (at + index < edited.length) edited[at + index] = byte;
        });
        break;
      case 3:
        edited.length = at;
        break;
      case 4:
        edited.splice(at, end - at);
        break;
      case 5:
        edited = [...edited.slice(0, to), ...part, ...edited.slice(to)];
        break;
      default:
        edited.push(...Array(random.below(17)).fill(random.below(2) * 255));
    }
  }
  return Uint8Array.from(edited);
}

/** @param {Random} random @param {string} text @param {string} [letters] that are put in its place */
export function editedText(random, text, letters = 'AZaz09-_,&=%#[]{}":é\u0000') {
  let edited = text;
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(edited.length + 1);
    const end = at + random.below(9);
    const [before, part, after] = [edited.slice(0, at), edited.slice(at, end), edited.slice(end)];
    edited = random.one([
      before + random.one([...letters]) + part + after,
      before + after,
      before + part + part + after,
      after + part + before,
      before,
      before + random.one(WORDS) + after,
      before + random.one(NUMBERS) + after,
    ]);
  }
  return edited;
}

/** @param {Random} random @returns {unknown} a value to stand where another stood */
export function junk(random) {
  return random.one([null, true, false, [], {}, [1, 2], random.one(NUMBERS), random.one(NUMBERS), random.one(WORDS)]);
}

/** @param {unknown} value @returns {[holder: any, key: string][]} every place in it */
function places(value) {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => [[value, key], ...places(value[key])]);
}

/**
 * @param {Random} random
 * @param {unknown} value of JSON
 * @param {(random: Random) => unknown} [other]
 */
export function editedJson(random, value, other = junk) {
  const root = { value: structuredClone(value) };
  for (let left = 1 + random.below(3); left > 0; left--) {
    const all = places(root);
    const [holder, key] = random.one(all);
    const [from, name] = random.one(all);
    switch (random.below(6)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else if (holder !== root) delete holder[key];
        break;
      case 1:
        holder[key] = structuredClone(from[name]);
        break;
      case 2:
        if (Array.isArray(holder) && holder.length < 100) holder.push(structuredClone(from[name]));
        else if (holder !== root)
          Object.defineProperty(holder, random.one(WORDS), {
            value: other(random),
            enumerable: true,
            configurable: true,
            writable: true,
          });
        break;
      default:
        holder[key] = other(random);
    }
    if (JSON.stringify(root).length > 100_000) break;
  }
  return root.value;
}
