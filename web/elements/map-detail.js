import { css, html, nothing } from "lit";
import { largest, paint, range } from "./heat-map.js";
import { unitWord } from "./network.js";
import { paintNumbers, short } from "./numbers.js";
import { PixelRatio } from "./pixel-ratio.js";
import { SessionElement } from "./session-element.js";
import { base } from "./theme.js";

/** @typedef {import("./network.js").Column} Column */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {number} cells @param {number} widest @param {number} largestCell */
function cellFor(cells, widest, largestCell) {
  return Math.min(largestCell, Math.max(24, Math.floor(widest / cells)));
}

/** One map enlarged, its values printed in its cells, and beside it the weights that make it. */
export class MapDetail extends SessionElement {
  static properties = {
    column: { attribute: false },
    source: { attribute: false },
    unit: { attribute: false },
    cell: { state: true },
  };

  static styles = [
    base,
    css`
      :host {
        padding: 16px 0;
        border-top: 1px solid var(--hairline);
      }
      header {
        display: flex;
        align-items: baseline;
        gap: 16px;
        margin-bottom: 8px;
      }
      .name {
        font-size: 16px;
        font-weight: 600;
      }
      header button {
        margin-left: auto;
      }
      .body {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: 16px 32px;
      }
      .scroll {
        max-width: 100%;
        overflow-x: auto;
        padding: 2px;
      }
      canvas {
        outline: 1px solid var(--hairline);
      }
      .facts {
        display: grid;
        grid-template-columns: auto auto;
        justify-content: start;
        gap: 2px 12px;
        margin: 0 0 12px;
      }
      .facts dt {
        color: var(--quiet);
      }
      .facts dd {
        margin: 0;
      }
      .beside {
        flex: 1 1 300px;
        min-width: 0;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 14px 20px;
        max-height: 560px;
        margin: 8px 0 0;
        padding: 2px;
        overflow-y: auto;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: auto auto;
        align-items: center;
        gap: 2px 6px;
      }
      li .small {
        grid-column: 1 / -1;
      }
      .fed {
        width: 56px;
        height: 56px;
      }
      output {
        display: block;
        min-height: 20px;
      }
    `,
  ];

  constructor() {
    super();
    new PixelRatio(this);
    /** @type {Column | undefined} */
    this.column = undefined;
    /** @type {Column | undefined} the column whose maps feed it */
    this.source = undefined;
    this.unit = 0;
    /** @type {number | undefined} the cell under the pointer or the keys */
    this.cell = undefined;
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    super.willUpdate(changes);
    if (changes.has("column") || changes.has("unit")) this.cell = undefined;
  }

  /** @param {import("./session.js").Kind} kind */
  changed(kind) {
    if (kind === "observation") this.requestUpdate();
  }

  /** @returns {Float32Array | undefined} */
  get #values() {
    if (!this.column) return undefined;
    const { name, width, height } = this.column;
    const cells = width * height;
    return this.session?.observation?.maps.get(name)?.subarray(this.unit * cells, (this.unit + 1) * cells);
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    this.#paint();
    const scroll = this.renderRoot.querySelector(".scroll");
    // On a narrow screen the middle of the map comes first, where the digit is.
    if (scroll && changes.has("column")) scroll.scrollLeft = (scroll.scrollWidth - scroll.clientWidth) / 2;
  }

  #paint() {
    const { column, source, unit, dark, session } = this;
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector(".map"));
    if (!column || !canvas) return;
    const { width, height } = column;
    const values = this.#values ?? new Float32Array(width * height);
    const meaning = column.className === "InputLayer" ? "ink" : "activation";
    const cell = cellFor(width, 600, width === 1 ? 64 : 44);
    paintNumbers(canvas, values, { width, height, cell, meaning, dark, limit: largest(values), mark: this.cell });
    const { bank } = column;
    if (!bank || !source) return;
    const printed = bank.width <= 7 ? cellFor(bank.width, 160, bank.width === 1 ? 40 : 30) : Math.max(3, Math.floor(224 / bank.width));
    /** @type {NodeListOf<HTMLCanvasElement>} */ (this.renderRoot.querySelectorAll(".kernel")).forEach((kernel, channel) => {
      paintNumbers(kernel, bank.patch(unit, channel), { ...bank, cell: printed, meaning: "weight", dark });
    });
    const planes = session?.observation?.maps.get(source.name);
    const cells = source.width * source.height;
    const limit = source.className === "InputLayer" ? 1 : session?.observation?.limits.get(source.name) ?? 1;
    /** @type {NodeListOf<HTMLCanvasElement>} */ (this.renderRoot.querySelectorAll(".fed")).forEach((fed, channel) => {
      const map = bank.source(unit, channel);
      const plane = planes?.subarray(map * cells, (map + 1) * cells) ?? new Float32Array(cells);
      const colours = source.className === "InputLayer" ? "ink" : "activation";
      paint(fed, plane, { width: source.width, height: source.height, meaning: colours, dark, limit });
    });
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const { column } = this;
    if (!column) return;
    const { left, top, width, height } = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const x = Math.floor(((event.clientX - left) / width) * column.width);
    const y = Math.floor(((event.clientY - top) / height) * column.height);
    if (x >= 0 && x < column.width && y >= 0 && y < column.height) this.cell = y * column.width + x;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = ARROWS[event.key];
    if (!step || !this.column) return;
    event.preventDefault();
    const { width, height } = this.column;
    const cell = this.cell ?? 0;
    const limit = (/** @type {number} */ value, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, value));
    const from = this.cell === undefined ? [0, 0] : step;
    this.cell = limit(Math.floor(cell / width) + from[1], height) * width + limit((cell % width) + from[0], width);
  }

  #readout() {
    const { column, cell } = this;
    const values = this.#values;
    if (!column || cell === undefined || !values) return "";
    return `row ${Math.floor(cell / column.width) + 1}, column ${(cell % column.width) + 1}: ${short(values[cell])}`;
  }

  #facts() {
    const { column, unit } = this;
    const values = this.#values;
    if (!column) return nothing;
    const { min, max } = values ? range(values) : { min: 0, max: 0 };
    const single = column.width * column.height === 1;
    const bias = column.bank?.bias?.[unit];
    return html`
      <dl class="facts">
        ${values && single ? html`<dt>output</dt><dd>${short(max)}</dd>` : nothing}
        ${values && !single ? html`<dt>smallest, largest</dt><dd>${short(min)}, ${short(max)}</dd>` : nothing}
        ${bias === undefined ? nothing : html`<dt>bias</dt><dd>${short(bias)}</dd>`}
        ${column.bank ? html`<dt>activation</dt><dd>${column.activation}</dd>` : nothing}
      </dl>
    `;
  }

  #weights() {
    const { column, source, unit } = this;
    if (!column || !source) return nothing;
    const { bank, window } = column;
    if (window) {
      const kind = column.className.startsWith("Max") ? "largest" : "mean";
      return html`<p>Each cell is the ${kind} of ${window.join("×")} cells of ${source.name}, ${unitWord(source)} ${unit + 1}.</p>`;
    }
    if (!bank) return nothing;
    const word = unitWord(source);
    const text =
      column.shape.length === 3
        ? `Each cell is a window on ${bank.channels === 1 ? source.name : `all ${bank.channels} maps of ${source.name}`} times these weights, summed, plus the bias, through ${column.activation}.`
        : `Its output is ${source.name} times these weights, summed, plus the bias, through ${column.activation}.`;
    return html`
      <p>${text}</p>
      <ul tabindex="0" aria-label="Weights of ${column.name}, ${unitWord(column)} ${unit + 1}">
        ${Array.from({ length: bank.channels }, (_, channel) => html`
          <li>
            <span class="quiet small">${source.name}${source.count > 1 ? html`, ${word} ${bank.source(unit, channel) + 1}` : nothing}</span>
            ${source.width > 1 ? html`<canvas class="fed" aria-hidden="true"></canvas>` : nothing}
            <canvas class="kernel" aria-hidden="true"></canvas>
          </li>
        `)}
      </ul>
    `;
  }

  render() {
    const { column, unit } = this;
    if (!column) return;
    const last = column === this.session?.shown?.columns.at(-1);
    const title = last ? `${column.name}, unit for ${unit}` : `${column.name}, ${unitWord(column)} ${unit + 1} of ${column.count}`;
    return html`
      <section aria-label="Enlarged: ${title}">
        <header>
          <div class="name">${title}</div>
          ${column.height * column.width > 1 ? html`<span class="quiet">${column.height}×${column.width}</span>` : nothing}
          <button @click=${() => this.dispatchEvent(new Event("convscope-close", { bubbles: true, composed: true }))}>Close</button>
        </header>
        <div class="body">
          <div class="scroll">
            <div
              role="application"
              tabindex="0"
              aria-label="Values of ${title}: arrow keys go from cell to cell"
              @keydown=${this.#key}
            >
              <canvas class="map" aria-hidden="true" @pointermove=${this.#point} @pointerdown=${this.#point}></canvas>
            </div>
            <output class="quiet small" aria-label="Value">${this.#readout()}</output>
          </div>
          <div class="beside">${this.#facts()}${this.#weights()}</div>
        </div>
      </section>
    `;
  }
}

customElements.define("convscope-map-detail", MapDetail);
