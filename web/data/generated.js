// Digits from the engine's generator: no file and no network needed.

import { PIXELS, SIDE } from "./image-size.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../convscope.js").LabelledImages} Examples */

/** Digits that are drawn at a time, so that the engine can answer other requests in between. */
const PORTION = 200;

/**
 * @param {Engine} engine
 * @param {{ count: number, seed: number }} options
 * @param {(done: number) => void} progress told how many there are
 * @returns {Promise<Examples>}
 */
export async function generated(engine, { count, seed }, progress) {
  const pixels = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  for (let first = 0; first < count; first += PORTION) {
    const portion = await engine.generateDigits({ count: Math.min(PORTION, count - first), seed, first });
    pixels.set(portion.pixels, first * PIXELS);
    labels.set(portion.labels, first);
    progress(first + portion.labels.length);
  }
  return { shape: [SIDE, SIDE, 1], pixels, labels };
}
