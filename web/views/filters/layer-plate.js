import { css, html } from "lit";
import { short } from "../../ui/numbers.js";
import { PixelRatio } from "../../ui/pixel-ratio.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { paintSheet } from "./patch-sheet.js";
import * as words from "./words.js";

/** @typedef {import("../../convscope.js").LabelledImages} LabelledImages */
/** @typedef {import("../../convscope.js").Summary} Summary */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("./strongest.js").Strongest} Strongest */
/** @typedef {{ column: Column, places: Strongest[][] }} Layer and the strongest places of each of its filters */

/** Filters of a layer that are shown, and CSS pixels for the patches of one. */
const SHOWN = 6;
const SPACE = 88;

/** The filters of a layer that respond most, in their order. @param {Layer} layer @returns {number[]} */
function liveliest({ places }) {
  const response = (/** @type {number} */ unit) => places[unit][0]?.value ?? 0;
  const order = Array.from(places.keys()).sort((a, b) => response(b) - response(a));
  return order.slice(0, SHOWN).sort((a, b) => a - b);
}

/** A few filters of every layer, each as its strongest patches. Fires `convscope-place` with `{ layer, unit }`. */
export class LayerPlate extends StagedElement {
  static properties = {
    layers: { attribute: false },
    images: { attribute: false },
    summary: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      .plate {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: 14px 20px;
        margin-top: 8px;
      }
      h2 {
        margin: 0 0 6px;
        font-size: inherit;
        font-weight: 600;
      }
      h2 span {
        display: block;
        font-weight: 400;
      }
      .filters {
        display: grid;
        grid-template-columns: repeat(2, max-content);
        gap: 6px;
      }
      button {
        display: grid;
        place-content: center;
        width: 96px;
        height: 96px;
        padding: 0;
      }
      /* Its background stands between patches, whose edges may be as white as the paper. */
      canvas {
        background: var(--hairline);
      }
      @media (max-width: 480px) {
        .plate {
          grid-template-columns: minmax(0, 1fr);
        }
        .filters {
          grid-template-columns: repeat(3, max-content);
        }
      }
    `,
  ];

  constructor() {
    super();
    new PixelRatio(this);
    /** From the first layer to the last. @type {Layer[]} */
    this.layers = [];
    /** The examples that the places are in. @type {LabelledImages | undefined} */
    this.images = undefined;
    /** Of the network. @type {Summary | undefined} */
    this.summary = undefined;
    this.dark = false;
  }

  updated() {
    const { summary, images, dark } = this;
    if (!summary || !images) return;
    const canvases = this.renderRoot.querySelectorAll("canvas");
    const filters = this.layers.flatMap((layer) => liveliest(layer).map((unit) => ({ layer, unit })));
    for (const [index, { layer, unit }] of filters.entries()) {
      const places = layer.places[unit];
      if (places.length)
        paintSheet(canvases[index], places, { summary, layer: layer.column.name, images, space: SPACE, dark });
    }
  }

  /** @param {Layer} layer @param {number} unit */
  #filter({ column: { name: layer }, places }, unit) {
    const [strongest] = places[unit];
    return html`<button
      aria-label=${words.plateLabel({ layer, unit, response: strongest && short(strongest.value) })}
      @click=${() => tell(this, "place", { layer, unit })}
    >
      <canvas></canvas>
    </button>`;
  }

  render() {
    const [height = 0, width = height] = this.summary?.inputShape ?? [];
    return html`
      <p class="quiet">${words.PLATE}</p>
      <div class="plate">
        ${this.layers.map((layer) => {
          const [rows, columns] = layer.column.receptiveField ?? [height, width];
          return html`<section>
            <h2>${layer.column.name} <span class="quiet small">${words.sees(rows, columns)}</span></h2>
            <div class="filters">${liveliest(layer).map((unit) => this.#filter(layer, unit))}</div>
          </section>`;
        })}
      </div>
    `;
  }
}

customElements.define("convscope-layer-plate", LayerPlate);
