import { css, svg } from "lit";
import { hatching } from "./hatching.js";
import { WindowPicture } from "./window-picture.js";

/** The side of a cell, in units of the picture. */
const SIDE = 36;
/** From the row of cells to the row of outputs. */
const GAP = 60;
/** A row of more cells has no room for their numbers on a phone. */
const NUMBERED = 13;

/** Windows in one dimension: a row of cells, a row of outputs, and lines from each window to its output. */
export class WindowRow extends WindowPicture {
  static styles = [
    WindowPicture.styles,
    css`
      :host {
        container-type: inline-size;
      }
      @container (max-width: 420px) {
        .many text {
          display: none;
        }
      }
    `,
  ];

  /** @param {number} x */
  point(x) {
    this.choose(this.place.row, this.nearest(x / SIDE - this.windows.before));
  }

  /** @param {number} left @param {number} top @param {string} kind @param {number | string} text */
  #cell(left, top, kind, text) {
    return svg`<rect class="real" x=${left} y=${top} width=${SIDE} height=${SIDE} />
      <rect class=${kind} x=${left} y=${top} width=${SIDE} height=${SIDE} fill="none" />
      <text x=${left + SIDE / 2} y=${top + SIDE / 2}>${text}</text>`;
  }

  render() {
    const { windows, cells, size, place } = this;
    const { starts, before, after, skipped } = windows;
    const across = before + cells + after;
    const leftOf = (/** @type {number} */ cell) => (cell + before) * SIDE;
    const outputOf = (/** @type {number} */ start) => leftOf(start) + ((size - 1) * SIDE) / 2;
    const here = starts[Math.min(place.column, starts.length - 1)];
    const kindOf = (/** @type {number} */ cell) =>
      cell < 0 || cell >= cells
        ? "padded"
        : skipped.includes(cell)
          ? "skipped"
          : cell >= here && cell < here + size
            ? "here"
            : "";
    const below = SIDE + GAP;
    const label = `One dimension: output ${place.column + 1} of ${starts.length} sees cells ${here + 1} to ${here + size} of ${cells}. Arrow keys move the window.`;
    return this.framed(
      label,
      svg`<svg class=${across > NUMBERED ? "many" : ""} width=${across * SIDE} viewBox="-1.5 -1.5 ${across * SIDE + 3} ${below + SIDE + 3}" aria-hidden="true">
        ${hatching}
        <path class="lines" d=${starts
          .map((start) => {
            const [left, output] = [leftOf(start), outputOf(start)];
            return `M${left} ${SIDE}L${output} ${below}M${left + size * SIDE} ${SIDE}L${output + SIDE} ${below}`;
          })
          .join("")} />
        <path class="fan" d="M${leftOf(here)} ${SIDE}H${leftOf(here + size)}L${outputOf(here) + SIDE} ${below}H${outputOf(here)}z" />
        ${Array.from({ length: across }, (_, index) => {
          const cell = index - before;
          const kind = kindOf(cell);
          return this.#cell(index * SIDE, 0, kind, kind === "padded" ? 0 : cell + 1);
        })}
        ${starts.map((start, output) => this.#cell(outputOf(start), below, start === here ? "here" : "", output + 1))}
        <rect class="window" x=${leftOf(here)} y="0" width=${size * SIDE} height=${SIDE} />
        <rect class="window" x=${outputOf(here)} y=${below} width=${SIDE} height=${SIDE} />
      </svg>`,
    );
  }
}

customElements.define("convscope-window-row", WindowRow);
