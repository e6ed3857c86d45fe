import { css, html } from "lit";
import { cellSize, paintPatches } from "../../ui/heat-map.js";
import { steps } from "../../ui/keys.js";
import { short } from "../../ui/numbers.js";
import { PixelRatio } from "../../ui/pixel-ratio.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { paintSheet } from "./patch-sheet.js";
import * as words from "./words.js";

/** @typedef {import("../../convscope.js").LabelledImages} LabelledImages */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../session/layers.js").KernelBank} KernelBank */
/** @typedef {import("./strongest.js").Strongest} Strongest */

/** CSS pixels for the patches of a tile; with its padding and border, that is the least that a tile takes. */
const SPACE = 100;
const KERNELS_SPACE = 64;
const TALLEST_KERNELS = 36;

/** The filters of a layer, each with its kernels and its strongest patches. Fires `convscope-unit` with `{ unit }`. */
export class FilterGrid extends StagedElement {
  static properties = {
    column: { attribute: false },
    places: { attribute: false },
    images: { attribute: false },
    summary: { attribute: false },
    unit: { attribute: false },
    dark: { attribute: false },
    current: { state: true },
  };

  static styles = [
    base,
    css`
      [role="group"] {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(112px, 1fr));
        gap: 10px;
      }
      button {
        display: grid;
        grid-template-rows: 38px auto;
        align-content: start;
        gap: 6px;
        min-height: 100px;
        padding: 5px;
        text-align: left;
      }
      button[aria-pressed="true"] {
        border-color: var(--accent);
        box-shadow: 0 0 0 1px var(--accent);
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      /* Its background stands between patches, whose edges may be as white as the paper. */
      .patches {
        justify-self: center;
        background: var(--hairline);
      }
    `,
  ];

  constructor() {
    super();
    new PixelRatio(this);
    /** @type {Column | undefined} */
    this.column = undefined;
    /** Of each filter, its strongest places. @type {Strongest[][]} */
    this.places = [];
    /** The examples that the places are in. @type {LabelledImages | undefined} */
    this.images = undefined;
    /** Of the network. @type {import("../../convscope.js").Summary | undefined} */
    this.summary = undefined;
    /** The filter that is open. */
    this.unit = 0;
    this.dark = false;
    /** The filter that Tab reaches. */
    this.current = 0;
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("unit") || changes.has("column")) this.current = this.unit;
  }

  updated() {
    for (const [unit, tile] of this.#tiles.entries()) {
      const [kernels, patches] = tile.querySelectorAll("canvas");
      this.#paintKernels(kernels, unit);
      const { column, summary, images, dark } = this;
      if (column && summary && images && this.places[unit].length)
        paintSheet(patches, this.places[unit], { summary, layer: column.name, images, space: SPACE, dark });
    }
  }

  get #tiles() {
    return /** @type {NodeListOf<HTMLButtonElement>} */ (this.renderRoot.querySelectorAll("button"));
  }

  /** @param {HTMLCanvasElement} canvas @param {number} unit */
  #paintKernels(canvas, unit) {
    const bank = this.column?.bank;
    canvas.hidden = !bank;
    if (bank) paintKernels(canvas, bank, unit, { across: KERNELS_SPACE, along: TALLEST_KERNELS, dark: this.dark });
  }

  /** @param {number} unit */
  async focusUnit(unit) {
    this.current = unit;
    await this.updateComplete;
    this.#tiles[unit]?.focus();
  }

  /** @param {KeyboardEvent} event @param {number} unit */
  #key(event, unit) {
    const step = steps(event);
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const tiles = Array.from(this.#tiles);
    const perRow = tiles.filter(({ offsetTop }) => offsetTop === tiles[0].offsetTop).length;
    const next = unit + step[0] + step[1] * perRow;
    if (next >= 0 && next < tiles.length) void this.focusUnit(next);
  }

  /** @param {number} unit */
  #tile(unit) {
    const [strongest] = this.places[unit];
    const label = { layer: this.column?.name ?? "", unit, response: strongest && short(strongest.value) };
    return html`<button
      aria-pressed=${unit === this.unit}
      aria-label=${words.filterLabel(label)}
      tabindex=${unit === this.current ? 0 : -1}
      @click=${() => tell(this, "open", { unit })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, unit)}
    >
      <span class="head"><span>${unit + 1}</span><canvas></canvas></span>
      ${strongest ? html`<canvas class="patches"></canvas>` : html`<span class="quiet small">${words.SILENT}<canvas hidden></canvas></span>`}
    </button>`;
  }

  render() {
    return html`<div role="group" aria-label="Filters of ${this.column?.name}">
      ${this.places.map((_, unit) => this.#tile(unit))}
    </div>`;
  }
}

/**
 * The kernels of one filter, one for each input map, side by side in rows.
 * @param {HTMLCanvasElement} canvas
 * @param {KernelBank} bank
 * @param {number} unit
 * @param {{ across: number, along: number, dark: boolean }} options CSS pixels that the picture may take
 */
export function paintKernels(canvas, bank, unit, { across, along, dark }) {
  const { channels, width, height, limit } = bank;
  const columns = Math.ceil(Math.sqrt((channels * across * (height + 1)) / (along * (width + 1))));
  const rows = Math.ceil(channels / columns);
  const patches = Array.from({ length: channels }, (_, channel) => ({
    values: bank.patch(unit, channel),
    row: Math.floor(channel / columns),
    column: channel % columns,
  }));
  const shown = Math.min(columns, channels);
  paintPatches(canvas, patches, { width, height, rows, columns: shown, gap: 1, meaning: "weight", dark, limit });
  const [cellsAcross, cellsDown] = [shown * (width + 1) - 1, rows * (height + 1) - 1];
  const cell = Math.min(cellSize(cellsAcross, across), cellSize(cellsDown, along));
  canvas.style.width = `${cellsAcross * cell}px`;
  canvas.style.height = `${cellsDown * cell}px`;
}

customElements.define("convscope-filter-grid", FilterGrid);
