/** @typedef {import("../session/drawing.js").Point} Point */
/** @typedef {import("../session/paper.js").Paper} Paper */

/** @param {Point} point */
const isOnPad = (point) => point.every((value) => value >= 0 && value <= 1);

/**
 * The part of a straight way that lies on the pad.
 * @param {Point} from
 * @param {Point} to
 * @returns {[begin: Point, end: Point] | undefined}
 */
function partOnPad(from, to) {
  let [begin, end] = [0, 1];
  for (const axis of [0, 1]) {
    const way = to[axis] - from[axis];
    if (way === 0) {
      if (from[axis] < 0 || from[axis] > 1) return undefined;
      continue;
    }
    const borders = [-from[axis] / way, (1 - from[axis]) / way];
    begin = Math.max(begin, Math.min(...borders));
    end = Math.min(end, Math.max(...borders));
  }
  const at = (/** @type {number} */ share) =>
    /** @type {Point} */ (from.map((value, axis) => value + share * (to[axis] - value)));
  return begin <= end ? [at(begin), at(end)] : undefined;
}

/**
 * A pen, finger or mouse from where it is put down to where it is lifted. A stroke ends where it leaves the pad; where
 * it comes back another begins.
 */
export class Pen {
  #paper;
  #at;
  #strokes = 0;
  /** The drawing that it has left. */
  #left;

  /**
   * @param {Paper} paper
   * @param {{ pointerId: number, pointerType: string }} pointer
   * @param {Point} point where it is put down: 0 to 1 on the pad
   */
  constructor(paper, { pointerId, pointerType }, point) {
    this.#paper = paper;
    this.id = pointerId;
    this.type = pointerType;
    this.#at = point;
    this.#begin([point]);
    this.#left = paper.drawing;
  }

  /** @param {Point[]} points of a new stroke */
  #begin([first, ...rest]) {
    this.#strokes += 1;
    this.#paper.startStroke(first);
    if (rest.length) this.#paper.extendStroke(rest);
  }

  /** @param {Point[]} points where it goes, off the pad too */
  go(points) {
    const paper = this.#paper;
    // Where something else has been drawn meanwhile, its last stroke is not the pen's to go on with.
    let draws = isOnPad(this.#at) && paper.drawing === this.#left;
    /** @type {Point[]} */
    const first = [];
    const pieces = [first];
    for (const point of points) {
      const part = partOnPad(this.#at, point);
      if (part) {
        if (!draws) pieces.push([part[0]]);
        pieces[pieces.length - 1].push(part[1]);
      }
      draws = isOnPad(point);
      this.#at = point;
    }
    if (first.length) paper.extendStroke(first);
    for (const piece of pieces.slice(1)) this.#begin(piece);
    this.#left = paper.drawing;
  }

  lift() {
    this.#paper.endStroke();
  }

  /** Takes back what it has drawn, as if it had not touched the pad. */
  withdraw() {
    if (this.#paper.drawing === this.#left) for (; this.#strokes > 0; this.#strokes--) this.#paper.undo();
    this.lift();
  }
}
