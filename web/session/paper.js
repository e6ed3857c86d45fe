import { SIDE } from "../data/image-size.js";
import { BLANK, shifted } from "./drawing.js";
import { pageEngine } from "./page-engine.js";
import { problemOf } from "./problem.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./drawing.js").Point} Point */

/** It has curves, ends and a junction. */
const FIRST_DIGIT = 3;
const UNDO_STEPS = 200;

/** What is drawn on: the drawing, the pen, and the drawings of before. */
export class Paper {
  /** @type {Drawing} */
  drawing = BLANK;
  /** Whether the pen is on it. */
  penDown = false;
  /** @type {Drawing[]} */
  #history = [];
  /** Digits of the generator that are on their way. */
  #sampling = 0;
  #changed;
  #failed;

  /**
   * @param {object} listeners
   * @param {(other: boolean) => void} listeners.changed called when there is another drawing, or where the pen was lifted
   *   from the same
   * @param {(problem: import("./problem.js").Problem) => void} listeners.failed
   */
  constructor({ changed, failed }) {
    this.#changed = changed;
    this.#failed = failed;
  }

  /** @param {Drawing} drawing @param {{ undoable?: boolean }} [options] */
  #draw(drawing, { undoable = true } = {}) {
    if (undoable) this.#history = [...this.#history.slice(1 - UNDO_STEPS), this.drawing];
    this.drawing = drawing;
    this.#changed(true);
  }

  get blank() {
    return this.drawing.strokes.length === 0;
  }

  get canUndo() {
    return this.#history.length > 0;
  }

  /** @param {Point} point */
  startStroke(point) {
    this.penDown = true;
    const { strokes, shift } = this.drawing;
    this.#draw({ strokes: [...strokes, this.#unshifted([point])], shift });
  }

  /** @param {Point[]} points */
  extendStroke(points) {
    const { strokes, shift } = this.drawing;
    const longer = [...(strokes.at(-1) ?? []), ...this.#unshifted(points)];
    this.#draw({ strokes: [...strokes.slice(0, -1), longer], shift }, { undoable: false });
  }

  endStroke() {
    this.penDown = false;
    this.#changed(false);
  }

  /** @param {Point[]} points @returns {Point[]} where they were if nothing had been shifted */
  #unshifted(points) {
    const [right, down] = this.drawing.shift;
    return points.map(([x, y]) => [x - right / SIDE, y - down / SIDE]);
  }

  clear() {
    if (this.drawing !== BLANK) this.#draw(BLANK);
  }

  undo() {
    const before = this.#history.pop();
    if (before) this.#draw(before, { undoable: false });
  }

  /** @param {number} right @param {number} down pixels of the network's input */
  shift(right, down) {
    if (!this.blank) this.#draw(shifted(this.drawing, right, down));
  }

  /** @param {Drawing} drawing */
  replace(drawing) {
    this.#draw(drawing);
  }

  /**
   * Draws a digit of the generator.
   * @param {number} [digit] any, if left out
   * @param {number} [seed] any, if left out
   */
  async sample(digit, seed) {
    const [label, dice] = crypto.getRandomValues(new Uint32Array(2));
    this.#sampling += 1;
    try {
      const { strokes } = await (await pageEngine()).generateDigit({ label: digit ?? label % 10, seed: seed ?? dice });
      this.#draw({ strokes, shift: [0, 0] });
    } catch (error) {
      this.#failed(problemOf(error));
    } finally {
      this.#sampling -= 1;
    }
  }

  /** Begins with a digit of the generator, unless something is drawn or on its way. */
  begin() {
    if (this.blank && this.#sampling === 0) void this.sample(FIRST_DIGIT, 0);
  }
}
