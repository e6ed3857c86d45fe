import { css, html, nothing } from "lit";
import { number } from "../ui/numbers.js";
import { StagedElement } from "../ui/staged-element.js";
import { base } from "../ui/theme.js";
import { tellOn } from "../ui/events.js";
import { TAKES, kernelWord } from "./words.js";
import "../cells/number-grid.js";
import "../cells/number-table.js";
import "../cells/plane.js";

/** @import { Told } from "../ui/events.js" */
/** @typedef {import("../convscope.js").UnitArithmetic} UnitArithmetic */
/** @typedef {import("../ui/colour-scales.js").Meaning} Meaning */

/** A window of at most so many cells that is no longer printed is a small picture. */
const PICTURE = 112;

/** What one input channel gives to a unit: its map with the window, patch × kernel = products, their sum. */
export class UnitChannel extends StagedElement {
  static properties = {
    story: { attribute: false },
    index: { attribute: false },
    plane: { attribute: false },
    padding: { attribute: false },
    meaning: { attribute: false },
    limits: { attribute: false },
    name: { attribute: false },
    printed: { attribute: false },
    space: { attribute: false },
    editable: { attribute: false },
    dark: { attribute: false },
    marked: { state: true },
  };

  static styles = [
    base,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px var(--between, 12px);
      }
      .part {
        display: grid;
        gap: 3px;
        justify-items: center;
      }
      /* The same width for all channels, whatever their names. */
      .name {
        width: 0;
        min-width: 100%;
        text-align: center;
      }
      /* A sign stays with what follows it. */
      .step {
        display: flex;
        align-items: center;
        gap: var(--between, 12px);
        white-space: nowrap;
      }
      /* Level with the middle of the tables beside them, whose captions stand above. */
      .sign,
      .sum {
        margin-top: 20px;
        font-size: 16px;
      }
      .sign {
        color: var(--quiet);
      }
      convscope-number-table {
        flex-basis: 100%;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {UnitArithmetic | undefined} */
    this.story = undefined;
    /** Which of the story's channels. */
    this.index = 0;
    /** The channel's map. */
    this.plane = new Float32Array(0);
    /** Around the map. @type {import("../cells/plane.js").Padding} */
    this.padding = { top: 0, right: 0, bottom: 0, left: 0 };
    /** @type {Meaning} of the map's values */
    this.meaning = "activation";
    /** The values of full colour. */
    this.limits = { source: 1, kernel: 1, product: 1 };
    /** The channel's name. */
    this.name = "";
    /** A window of more cells across is a picture; its numbers are in a table below. */
    this.printed = 7;
    /** CSS pixels across of its map. */
    this.space = 132;
    this.editable = false;
    this.dark = false;
    /** The cell of the window that the pointer is on. @type {number | undefined} */
    this.marked = undefined;
  }

  /**
   * @param {string} text
   * @param {Float32Array} values
   * @param {Meaning} meaning
   * @param {number} limit
   * @param {{ editable?: boolean, marked?: number }} [more]
   */
  #grid(text, values, meaning, limit, { editable = false, marked = this.marked } = {}) {
    const { window, inside } = /** @type {UnitArithmetic} */ (this.story);
    const label = `${text} of ${this.name}`;
    return html`<div class="part">
      <span class="quiet small">${text}</span>
      ${
        Math.max(window.width, window.height) > this.printed
          ? html`<convscope-plane
              .values=${values}
              .width=${window.width}
              .height=${window.height}
              .meaning=${meaning}
              .limit=${limit}
              .space=${PICTURE}
              .label=${label}
              .dark=${this.dark}
            ></convscope-plane>`
          : html`<convscope-number-grid
              .values=${values}
              .width=${window.width}
              .height=${window.height}
              .meaning=${meaning}
              .limit=${limit}
              .inside=${inside}
              .label=${label}
              .marked=${marked}
              .editable=${editable ? "number" : undefined}
              .dark=${this.dark}
            ></convscope-number-grid>`
      }
    </div>`;
  }

  /** @param {string} sign @param {import("lit").TemplateResult} part */
  #step(sign, part) {
    return html`<div class="step"><span class="sign">${sign}</span>${part}</div>`;
  }

  /** @param {UnitArithmetic} story */
  #terms({ operation, channels, patches, kernel, products, sums, sum, winner, window }) {
    const { index, limits } = this;
    const cells = window.width * window.height;
    const part = (/** @type {Float32Array} */ values) => values.subarray(index * cells, (index + 1) * cells);
    const patch = part(patches);
    if (kernel.length === 0) {
      const kind = TAKES[operation];
      return html`
        ${this.#grid("patch", patch, this.meaning, limits.source, { marked: operation === "maximum" ? winner : this.marked })}
        ${this.#step("→", html`<span class="sum">${kind ? html`<span class="quiet small">${kind}</span> ` : nothing}${number(sum)}</span>`)}
      `;
    }
    const tables = [
      ["Patch", patch],
      ["Kernel", part(kernel)],
      ["Products", part(products)],
    ];
    return html`
      ${this.#grid("patch", patch, this.meaning, limits.source)}
      ${this.#step("×", this.#grid(kernelWord(channels.length), part(kernel), "weight", limits.kernel, { editable: this.editable }))}
      ${this.#step("=", this.#grid("products", part(products), "activation", limits.product))}
      ${this.#step("→ Σ", html`<span class="sum">${number(sums[index])}</span>`)}
      ${
        Math.max(window.width, window.height) > this.printed
          ? tables.map(
              ([text, values]) =>
                html`<convscope-number-table
                  .values=${values}
                  .width=${window.width}
                  .height=${window.height}
                  .label=${`${text} of ${this.name}`}
                ></convscope-number-table>`,
            )
          : nothing
      }
    `;
  }

  render() {
    const { story, plane, name } = this;
    if (!story) return;
    const [height, width] = story.sourceShape.length === 3 ? story.sourceShape : [1, 1];
    return html`
      <div
        class="row"
        role="group"
        aria-label=${name}
        @pointnumber=${(/** @type {Told<"pointnumber">} */ { detail }) => (this.marked = detail)}
        @edit=${tellOn(this)}
      >
        <div class="part" ?hidden=${width * height === 1}>
          <span class="name quiet small">${name}</span>
          <convscope-plane
            .values=${plane}
            .width=${width}
            .height=${height}
            .meaning=${this.meaning}
            .limit=${this.limits.source}
            .space=${this.space}
            .window=${story.window}
            .padding=${this.padding}
            .label=${`${name} with the window`}
            .dark=${this.dark}
          ></convscope-plane>
        </div>
        <span class="quiet small" ?hidden=${width * height > 1}>${name}</span>
        ${this.#terms(story)}
      </div>
    `;
  }
}

customElements.define("convscope-unit-channel", UnitChannel);
