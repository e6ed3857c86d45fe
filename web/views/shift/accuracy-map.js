import { LitElement, css, html } from "lit";
import { shiftWords } from "../../session/drawing.js";
import { base } from "../../ui/theme.js";
import { Width } from "../../ui/width.js";
import { ACROSS, OffsetShares, REACH } from "./offset-count.js";
import { tell } from "../../ui/events.js";
import * as words from "./words.js";
import "../../cells/number-table.js";
import "../../cells/plane.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./offset-count.js").Offset} Offset */

/** CSS pixels that the map takes at most. */
const MOST = 238;

/** @param {{ row: number, column: number }} cell of the map @returns {Offset} */
function offsetOf({ row, column }) {
  return [column - REACH, row - REACH];
}

/**
 * The share of a batch that a network reads right, by how far the images are moved. `convscope-offset` with an offset
 * when one is chosen, `convscope-point-offset` with the one under a pointer or `undefined`.
 */
export class AccuracyMap extends LitElement {
  static properties = {
    counts: { attribute: false },
    offset: { attribute: false },
    pointed: { attribute: false },
    label: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      /* The accent is too near to the map's own green. */
      convscope-plane {
        --frame: var(--ink);
        --halo: var(--paper);
      }
      p {
        margin: 4px 0;
        min-height: 2lh;
      }
    `,
  ];

  #width = new Width(this);

  constructor() {
    super();
    this.counts = new OffsetShares();
    /** What the drawing is moved by; it is framed. @type {Offset} */
    this.offset = [0, 0];
    /** @type {Offset | undefined} */
    this.pointed = undefined;
    this.label = "";
    this.dark = false;
  }

  /** @param {Offset} offset */
  #words(offset) {
    const [right, down] = offset;
    const place = shiftWords(offset) || words.NOT_SHIFTED;
    if (Math.max(Math.abs(right), Math.abs(down)) > REACH) return words.beyond(place);
    const index = (down + REACH) * ACROSS + right + REACH;
    const { shares, images } = this.counts;
    return images[index] ? words.shareAt(place, shares[index], images[index]) : words.uncounted(place);
  }

  render() {
    const { shares } = this.counts;
    const [right, down] = this.offset;
    const cell = { row: down + REACH, column: right + REACH };
    const within = Math.max(Math.abs(right), Math.abs(down)) <= REACH;
    return html`
      <convscope-plane
        .values=${shares}
        .width=${ACROSS}
        .height=${ACROSS}
        .meaning=${"accuracy"}
        .limit=${1}
        .space=${Math.min(this.#width.current, MOST)}
        .cell=${within ? cell : undefined}
        .movable=${true}
        .label=${this.label}
        .dark=${this.dark}
        @cell=${(/** @type {Told<"cell">} */ { detail }) => tell(this, "offset", offsetOf(detail))}
        @pointcell=${(/** @type {Told<"pointcell">} */ { detail }) =>
          tell(this, "pointoffset", detail && offsetOf(detail))}
      ></convscope-plane>
      <p class="small">${this.#words(this.pointed ?? this.offset)}</p>
      <convscope-number-table
        .values=${shares}
        .width=${ACROSS}
        .height=${ACROSS}
        .first=${-REACH}
        .label=${this.label}
      ></convscope-number-table>
    `;
  }
}

customElements.define("convscope-accuracy-map", AccuracyMap);
