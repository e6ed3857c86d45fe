// How often the weights of a layer are used: where a window reaches into the padding, its weights there meet no pixel.

/** @typedef {import("../../convscope.js").SlidingWindow} SlidingWindow */
/** @typedef {import("../../convscope.js").Layer} Layer */

/**
 * Of the windows along an axis, how many have a pixel under each of their cells.
 * @param {SlidingWindow} window
 */
function along({ input, size, stride, before, output }) {
  return Array.from({ length: size }, (_, cell) => {
    const pixels = Array.from({ length: output }, (_, window) => window * stride - before + cell);
    return pixels.filter((pixel) => pixel >= 0 && pixel < input).length;
  });
}

/** Of a layer's weights, where one is used at all places of a map. */
export class Uses {
  /** By row and column of a kernel; none: each weight belongs to one place. @type {number[]} */
  #ofCell;

  /** @param {Layer["window"]} window */
  constructor(window) {
    this.#ofCell = window
      ? along(window.rows).flatMap((rows) => along(window.columns).map((columns) => rows * columns))
      : [1];
  }

  /** @param {number} weight its place in kernel after kernel, row by row */
  of(weight) {
    return this.#ofCell[weight % this.#ofCell.length];
  }

  /** How many connections the layer has. @param {number} weights of it */
  all(weights) {
    const sum = this.#ofCell.reduce((total, uses) => total + uses, 0);
    return (weights / this.#ofCell.length) * sum;
  }
}
