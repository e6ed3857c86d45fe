import { svg } from "lit";
import { hatching } from "./hatching.js";
import { WindowPicture } from "./window-picture.js";
import { squareLabel } from "./words.js";

/** Units of the picture that the padded input takes along its sides, and a cell of it at most. */
const [SPACE, LARGEST] = [380, 36];
/** Cells that are smaller than this are tinted: patterns on them would be noise. */
const PATTERNED = 14;
/** Between the input and the output. */
const GAP = 48;

/** A grid's lines as a path. @param {number} left @param {number} count @param {number} side */
function grid(left, count, side) {
  const far = count * side;
  return Array.from(
    { length: count + 1 },
    (_, line) => `M${left + line * side} 0v${far}M${left} ${line * side}h${far}`,
  ).join("");
}

/** Windows in two dimensions: the input with its padding, the window on it, and the output. */
export class WindowSquare extends WindowPicture {
  get #across() {
    return this.windows.before + this.cells + this.windows.after;
  }

  get #side() {
    return Math.min(LARGEST, SPACE / this.#across);
  }

  /** @param {number} x @param {number} y */
  point(x, y) {
    const side = this.#side;
    const output = x - this.#across * side - GAP / 2;
    if (output > 0) return this.choose(Math.floor(y / side), Math.floor((output - GAP / 2) / side));
    const { before } = this.windows;
    this.choose(this.nearest(y / side - before), this.nearest(x / side - before));
  }

  render() {
    const { windows, cells, size, place } = this;
    const { starts, before, skipped } = windows;
    const [across, side, count] = [this.#across, this.#side, starts.length];
    const at = (/** @type {number} */ cell) => (cell + before) * side;
    const [top, left] = [at(starts[Math.min(place.row, count - 1)]), at(starts[Math.min(place.column, count - 1)])];
    const right = across * side + GAP;
    const [outTop, outLeft] = [place.row * side, right + place.column * side];
    const inner = cells * side;
    return this.framed(
      squareLabel({ row: place.row + 1, column: place.column + 1, outputs: count }),
      svg`<svg class=${side < PATTERNED ? "tinted" : ""} width=${right + count * side + 3} viewBox="-1.5 -1.5 ${right + count * side + 3} ${across * side + 3}" aria-hidden="true">
        ${hatching}
        <rect class="padded" width=${across * side} height=${across * side} />
        <rect class="real" x=${at(0)} y=${at(0)} width=${inner} height=${inner} />
        ${skipped.map(
          (cell) => svg`<rect class="skipped" x=${at(cell)} y=${at(0)} width=${side} height=${inner} />
          <rect class="skipped" x=${at(0)} y=${at(cell)} width=${inner} height=${side} />`,
        )}
        <path class="lines" d=${grid(0, across, side) + grid(right, count, side)} />
        <path class="sight" d="M${left + size * side} ${top}L${outLeft} ${outTop}M${left + size * side} ${top + size * side}L${outLeft} ${outTop + side}" />
        <rect class="fan" x=${left} y=${top} width=${size * side} height=${size * side} />
        <rect class="window" x=${left} y=${top} width=${size * side} height=${size * side} />
        <rect class="here" x=${outLeft} y=${outTop} width=${side} height=${side} />
        <rect class="window" x=${outLeft} y=${outTop} width=${side} height=${side} />
      </svg>`,
    );
  }
}

customElements.define("convscope-window-square", WindowSquare);
