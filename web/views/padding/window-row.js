import { css, svg } from "lit";
import { hatching } from "./hatching.js";
import { WindowPicture } from "./window-picture.js";
import { rowLabel } from "./words.js";

/** The side of a cell, in units of the picture. */
const SIDE = 36;
/** From the row of cells to the row of outputs. */
const GAP = 60;
/** Rows of more cells have no room for their names on a phone, and on half a screen. */
const [MANY, MOST] = [11, 16];

/** Windows in one dimension: a row of cells, a row of outputs, and lines from each window to its output. */
export class WindowRow extends WindowPicture {
  static styles = [
    WindowPicture.styles,
    css`
      :host {
        container-type: inline-size;
      }
      .index {
        font-size: 12px;
      }
      .over {
        paint-order: stroke;
        stroke: var(--paper);
        stroke-width: 5px;
      }
      /* The picture is scaled down. */
      .most text {
        font-size: 16px;
      }
      .most .index {
        font-size: 15px;
      }
      @container (max-width: 420px) {
        .many text {
          display: none;
        }
      }
      @container (max-width: 860px) {
        .most text {
          display: none;
        }
      }
    `,
  ];

  /** @param {number} x */
  point(x) {
    this.choose(this.place.row, this.nearest(x / SIDE - this.windows.before));
  }

  /** @param {number} left @param {number} top @param {string} kind @param {unknown} text */
  #cell(left, top, kind, text) {
    return svg`<rect class="real" x=${left} y=${top} width=${SIDE} height=${SIDE} />
      <rect class=${kind} x=${left} y=${top} width=${SIDE} height=${SIDE} fill="none" />
      <text class=${kind === "padded" || kind === "skipped" ? "over" : ""} x=${left + SIDE / 2} y=${top + SIDE / 2}>${text}</text>`;
  }

  /** The name of a cell, which is not its value. @param {"x" | "y"} letter @param {number} index from 0 */
  #name(letter, index) {
    return svg`<tspan font-style="italic">${letter}</tspan><tspan class="index" dy="4">${index + 1}</tspan>`;
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
    const seen = { output: place.column + 1, outputs: starts.length, first: here + 1, last: here + size, cells };
    return this.framed(
      rowLabel(seen),
      svg`<svg class=${across > MOST ? "most" : across > MANY ? "many" : ""} width=${across * SIDE} viewBox="-1.5 -1.5 ${across * SIDE + 3} ${below + SIDE + 3}" aria-hidden="true">
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
          return this.#cell(index * SIDE, 0, kind, kind === "padded" ? 0 : this.#name("x", cell));
        })}
        ${starts.map((start, output) => this.#cell(outputOf(start), below, start === here ? "here" : "", this.#name("y", output)))}
        <rect class="window" x=${leftOf(here)} y="0" width=${size * SIDE} height=${SIDE} />
        <rect class="window" x=${outputOf(here)} y=${below} width=${SIDE} height=${SIDE} />
      </svg>`,
    );
  }
}

customElements.define("convscope-window-row", WindowRow);
