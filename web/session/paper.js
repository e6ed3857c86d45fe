import { SIDE } from "../data/image-size.js";
import { BLANK, shifted } from "./drawing.js";
import { FIRST, trace } from "./first-drawing.js";
import { problemOf } from "./problem.js";
import { sampleOf } from "./sample.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./drawing.js").Point} Point */

const UNDO_STEPS = 200;

/** What is drawn on: the drawing, the pen, and the drawings of before. */
export class Paper {
  /** @type {Drawing} */
  drawing = BLANK;
  /** Whether the pen is on it. */
  penDown = false;
  /** Whether the network on view reads what is drawn; if not, it reads pictures alone. */
  draws = true;
  /** Whether it reads digits, which can be generated; samples for others are images of the data. */
  generates = true;
  /** @type {Drawing[]} */
  #history = [];
  /** Counts the digits that the generator was asked for. */
  #samples = 0;
  /** Whether one is on its way. */
  #sampling = false;
  /** Stops the first drawing, while that draws itself. @type {(() => void) | undefined} */
  #stop;
  #changed;
  #failed;
  #read;
  #shape;

  /**
   * @param {object} listeners
   * @param {(other: boolean) => void} listeners.changed called when there is another drawing, or where the pen was lifted
   *   from the same
   * @param {(problem: import("./problem.js").Problem) => void} listeners.failed
   * @param {(drawing: Drawing) => Promise<number | undefined>} listeners.read what a network takes a drawing for, if there is
   *   one that has learnt
   * @param {() => import("../convscope.js").ImageShape} listeners.shape what the network on view reads
   */
  constructor({ changed, failed, read, shape }) {
    this.#changed = changed;
    this.#failed = failed;
    this.#read = read;
    this.#shape = shape;
  }

  /** @param {Drawing} drawing @param {{ undoable?: boolean }} [options] */
  #draw(drawing, { undoable = true } = {}) {
    this.#hurry();
    if (undoable) this.#history = [...this.#history.slice(1 - UNDO_STEPS), this.drawing];
    this.drawing = drawing;
    this.#changed(true);
  }

  /** The drawing, also while the first still draws itself. */
  get whole() {
    return this.#stop ? FIRST : this.drawing;
  }

  get blank() {
    const { picture, strokes } = this.drawing;
    return !picture && !(this.draws && strokes.length);
  }

  get canUndo() {
    return this.#history.length > 0;
  }

  /** @param {Point} point */
  startStroke(point) {
    this.#hurry();
    this.penDown = true;
    // What drew itself was to show how it works, and gives way; so does a picture.
    const { strokes, shift } = this.drawing === FIRST || this.drawing.picture ? BLANK : this.drawing;
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
    this.#hurry();
    if (!this.blank) this.#draw(shifted(this.drawing, right, down));
  }

  /** @param {Drawing} drawing */
  replace(drawing) {
    // A link may bring what drew itself.
    this.#draw(JSON.stringify(drawing) === JSON.stringify(FIRST) ? FIRST : drawing);
  }

  /**
   * Draws a digit of the generator that the network on view reads right, unless there is none that it reads.
   * @param {number} [digit] any, if left out
   * @param {number} [seed] any, if left out
   * @param {(problem: import("./problem.js").Problem) => void} [failed] told where there is none
   */
  async sample(digit, seed, failed = this.#failed) {
    const [label, dice] = crypto.getRandomValues(new Uint32Array(2));
    const sample = ++this.#samples;
    this.#sampling = true;
    try {
      const drawing = this.generates
        ? await sampleOf(digit ?? label % 10, seed ?? dice, this.#read)
        : await (await import("./picture-sample.js")).sampleOf(digit, dice, this.#shape());
      // One that took longer than the next is no longer wanted.
      if (sample === this.#samples) this.#draw(drawing);
    } catch (error) {
      failed(problemOf(error));
    } finally {
      if (sample === this.#samples) this.#sampling = false;
    }
  }

  /** The first drawing draws itself, unless something was drawn before or is on its way. */
  begin() {
    if (!this.generates) {
      // Nobody has asked for it: where the data is of another size, the pad says what to do.
      if (this.blank && !this.#sampling) void this.sample(undefined, undefined, () => {});
      return;
    }
    if (this.#stop || this.#sampling || this.canUndo || !this.blank) return;
    this.penDown = true;
    this.#stop = trace((drawing) => {
      this.drawing = drawing;
      if (drawing === FIRST) this.#hurry();
      this.#changed(true);
    });
  }

  /** Has the first drawing there at once. */
  #hurry() {
    if (!this.#stop) return;
    this.#stop();
    this.#stop = undefined;
    this.penDown = false;
    this.drawing = FIRST;
  }
}
