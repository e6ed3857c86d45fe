import { css, html, nothing } from "lit";
import { number } from "../../ui/numbers.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { KERNEL } from "../../questions/patterns.js";
import { FULL_WEIGHT } from "./filter-card.js";
import "../../cells/number-grid.js";

/** @typedef {import("../../ui/colour-scales.js").Meaning} Meaning */
/**
 * @typedef {object} Share what one channel gives to a cell
 * @property {string} channel its name
 * @property {Float32Array} patch
 * @property {Float32Array} kernel
 * @property {Float32Array} products
 * @property {number} sum
 * @property {Float32Array} part the map of this channel alone
 */

/** One cell of a map: patch × kernel = products, summed, for each channel and then over channels. */
export class PatchSum extends StagedElement {
  static properties = {
    shares: { attribute: false },
    values: { attribute: false },
    width: { attribute: false },
    limit: { attribute: false },
    cell: { attribute: false },
    map: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      .shares {
        display: grid;
        grid-template-columns: repeat(7, auto);
        justify-content: start;
        align-items: center;
        gap: 14px 10px;
      }
      .shares.single {
        grid-template-columns: repeat(6, auto);
      }
      .share {
        display: contents;
      }
      figure {
        margin: 0;
      }
      figcaption {
        margin-bottom: 2px;
      }
      .sign,
      .sum {
        padding-top: 18px;
        font-size: 16px;
        white-space: nowrap;
      }
      .sum,
      strong {
        font-weight: 600;
      }
      .total {
        margin: 12px 0;
        font-size: 16px;
      }
      .maps {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 10px;
      }
      @media (max-width: 520px) {
        .shares {
          grid-template-columns: minmax(0, 1fr);
        }
        .share {
          display: flex;
          flex-wrap: wrap;
          align-items: center;
          gap: 6px 5px;
        }
        .name {
          width: 100%;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Share[]} */
    this.shares = [];
    /** The map that the channels' maps add up to. */
    this.values = new Float32Array(0);
    /** Cells along the side of a map. */
    this.width = 1;
    /** The value of full colour in a map. */
    this.limit = 1;
    /** The index of the cell in the map. */
    this.cell = 0;
    /** The name of the map. */
    this.map = "";
    this.dark = false;
  }

  /** @param {string} caption @param {Float32Array} values @param {Meaning} meaning @param {string} channel */
  #patch(caption, values, meaning, channel) {
    return html`<figure>
      <figcaption class="quiet small">${caption}</figcaption>
      <convscope-number-grid
        .values=${values}
        .width=${KERNEL}
        .height=${KERNEL}
        .meaning=${meaning}
        .limit=${meaning === "ink" ? 1 : FULL_WEIGHT}
        .label=${`${caption}, ${channel}`}
        .dark=${this.dark}
      ></convscope-number-grid>
    </figure>`;
  }

  /** @param {string} caption @param {Float32Array} values */
  #map(caption, values) {
    const { width, limit, cell, dark } = this;
    return html`<figure>
      <figcaption class="quiet small">${caption}</figcaption>
      <convscope-number-grid
        .values=${values}
        .width=${width}
        .height=${width}
        .limit=${limit}
        .marked=${cell}
        .label=${caption}
        .dark=${dark}
      ></convscope-number-grid>
    </figure>`;
  }

  /** @param {Share} share */
  #share({ channel, patch, kernel, products, sum }) {
    return html`<div class="share">
      <span class="name small" ?hidden=${this.shares.length === 1}>${channel}</span>
      ${this.#patch("patch", patch, "ink", channel)}<span class="sign">×</span>
      ${this.#patch("kernel", kernel, "weight", channel)}<span class="sign">=</span>
      ${this.#patch("products", products, "activation", channel)}<span class="sum">Σ = ${number(sum)}</span>
    </div>`;
  }

  #total() {
    const { shares, cell, values, map } = this;
    const sums = shares.map(
      ({ sum }, index) => html`${index ? " + " : ""}${sum < 0 ? html`(${number(sum)})` : number(sum)}`,
    );
    return html`
      <p class="total">${sums} = <strong>${number(values[cell])}</strong></p>
      <div class="maps">
        ${shares.map(({ channel, part }, index) => [
          index ? html`<span class="sign">+</span>` : nothing,
          this.#map(`map of ${channel} alone`, part),
        ])}
        <span class="sign">=</span>${this.#map(`their sum: ${map}`, values)}
      </div>
    `;
  }

  render() {
    const { shares } = this;
    return html`
      <div class="shares ${shares.length > 1 ? "" : "single"}">${shares.map((share) => this.#share(share))}</div>
      ${shares.length > 1 ? this.#total() : nothing}
    `;
  }
}

customElements.define("convscope-patch-sum", PatchSum);
