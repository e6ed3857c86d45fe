import { pageEngine } from "./page-engine.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */

/** Drawings of one digit that are tried, so that a network which reads none of them doesn't hold up a sample. */
const ATTEMPTS = 20;

/**
 * A digit of the generator that is read as what it is meant to be: of this seed or, where it is misread, of the next.
 * @param {number} label
 * @param {number} seed
 * @param {(drawing: Drawing) => Promise<number | undefined>} read what it is taken for; undefined: nobody can tell
 * @returns {Promise<Drawing>}
 */
export async function sampleOf(label, seed, read) {
  const engine = await pageEngine();
  /** @type {Drawing[]} */
  const drawings = [];
  while (drawings.length < ATTEMPTS) {
    const { strokes } = await engine.generateDigit({ label, seed: seed + drawings.length });
    /** @type {Drawing} */
    const drawing = { strokes, shift: [0, 0] };
    drawings.push(drawing);
    const answer = await read(drawing);
    if (answer === label || answer === undefined) return drawing;
  }
  return drawings[0];
}
