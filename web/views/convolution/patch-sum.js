import { css, html } from "lit";
import { channelColours } from "../../questions/channels.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { KERNEL } from "../../questions/patterns.js";
import { FULL_WEIGHT } from "./filter-presets.js";
import { sumOf } from "./words.js";
import "../../cells/number-grid.js";
import "../../cells/plane.js";

/** @typedef {import("../../ui/colour-scales.js").Meaning} Meaning */
/**
 * @typedef {object} Share what one channel gives to a cell
 * @property {string} channel its name
 * @property {import("../../questions/channels.js").Channel | undefined} light the colour that it is; undefined: ink
 * @property {Float32Array} patch
 * @property {Float32Array} kernel
 * @property {Float32Array} products
 * @property {number} sum
 * @property {Float32Array} part the map of this channel alone
 */

/** CSS pixels for a map that is a picture. */
const MAP_SPACE = 150;

/** One cell of a map: patch × kernel = products, summed, for each channel and then over channels, and the bias. */
export class PatchSum extends StagedElement {
  static properties = {
    shares: { attribute: false },
    values: { attribute: false },
    bias: { attribute: false },
    pictured: { attribute: false },
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
      :host {
        --cell: 32px;
      }
      .pictured {
        --cell: 38px;
      }
      .maps {
        --cell: 26px;
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
        :host {
          --cell: 26px;
        }
        .pictured .sum {
          width: 100%;
          padding-top: 0;
        }
        .pictured {
          --cell: 34px;
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
    this.bias = 0;
    /** Whether the maps have too many cells for their numbers, and the patches hold fractions. */
    this.pictured = false;
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

  /**
   * @param {string} caption
   * @param {Float32Array} values
   * @param {string} channel
   * @param {{ meaning?: Meaning, light?: Share["light"], limit: number }} colour
   */
  #patch(caption, values, channel, { meaning = "ink", light, limit }) {
    return html`<figure>
      <figcaption class="quiet small">${caption}</figcaption>
      <convscope-number-grid
        .values=${values}
        .width=${KERNEL}
        .height=${KERNEL}
        .meaning=${meaning}
        .scale=${light && channelColours(light)}
        .limit=${limit}
        .label=${`${caption}, ${channel}`}
        .dark=${this.dark}
      ></convscope-number-grid>
    </figure>`;
  }

  /** @param {string} caption @param {Float32Array} values */
  #map(caption, values) {
    const { width, limit, cell, pictured, dark } = this;
    return html`<figure>
      <figcaption class="quiet small">${caption}</figcaption>
      ${
        pictured
          ? html`<convscope-plane
              .values=${values}
              .width=${width}
              .height=${width}
              .limit=${limit}
              .space=${MAP_SPACE}
              .cell=${{ row: Math.floor(cell / width), column: cell % width }}
              .label=${caption}
              .dark=${dark}
            ></convscope-plane>`
          : html`<convscope-number-grid
              .values=${values}
              .width=${width}
              .height=${width}
              .limit=${limit}
              .marked=${cell}
              .label=${caption}
              .dark=${dark}
            ></convscope-number-grid>`
      }
    </figure>`;
  }

  /** @param {Share} share */
  #share({ channel, light, patch, kernel, products, sum }) {
    return html`<div class="share">
      <span class="name small" ?hidden=${this.shares.length === 1}>${channel}</span>
      ${this.#patch("patch", patch, channel, { light, limit: 1 })}<span class="sign">×</span>
      ${this.#patch("kernel", kernel, channel, { meaning: "weight", limit: FULL_WEIGHT })}<span class="sign">=</span>
      ${this.#patch("products", products, channel, { meaning: "activation", limit: this.limit })}<span class="sum"
        >Σ = ${sumOf(sum)}</span
      >
    </div>`;
  }

  #total() {
    const { shares, bias, cell, values } = this;
    const signed = (/** @type {number} */ value) => (value < 0 ? html`(${sumOf(value)})` : sumOf(value));
    return html`<p class="total">
      ${shares.map(({ sum }) => html`${signed(sum)} + `)}<span class="quiet small">bias</span> ${signed(bias)} =
      <strong>${sumOf(values[cell])}</strong>
    </p>`;
  }

  #maps() {
    const { shares, bias, values, map } = this;
    return html`<div class="maps">
      ${shares.map(({ channel, part }, index) => [
        index ? html`<span class="sign">+</span>` : "",
        this.#map(`map of ${channel} alone`, part),
      ])}
      <span class="sign">=</span>${this.#map(`their sum${bias ? " + bias" : ""}: ${map}`, values)}
    </div>`;
  }

  render() {
    const { shares, pictured } = this;
    return html`
      <div class=${pictured ? "pictured" : ""}>
        <div class="shares ${shares.length > 1 ? "" : "single"}">${shares.map((share) => this.#share(share))}</div>
        ${this.#total()} ${shares.length > 1 ? this.#maps() : ""}
      </div>
    `;
  }
}

customElements.define("convscope-patch-sum", PatchSum);
