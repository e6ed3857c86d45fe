import { css, html, nothing } from "lit";
import { largest, paint, range } from "../ui/heat-map.js";
import { steps } from "../ui/keys.js";
import { meaningOf, planeOf, unitWord } from "../session/layers.js";
import { paintNumbers, short } from "../ui/numbers.js";
import { PixelRatio } from "../ui/pixel-ratio.js";
import { SessionElement } from "../session/session-element.js";
import { base } from "../ui/theme.js";
import { tell } from "../ui/events.js";

/** @typedef {import("../session/layers.js").Column} Column */

/** A patch of more cells across is shown without its numbers. */
const LARGEST_PRINTED = 7;

/** @param {number} cells @param {number} widest @param {number} largestCell */
function cellFor(cells, widest, largestCell) {
  return Math.min(largestCell, Math.max(24, Math.floor(widest / cells)));
}

/** One map enlarged, its values printed in its cells, and beside it the weights that make it. */
export class MapDetail extends SessionElement {
  static properties = {
    layer: { attribute: false },
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
    /** The name of its layer; undefined: nothing is enlarged. @type {string | undefined} */
    this.layer = undefined;
    this.unit = 0;
    /** @type {number | undefined} the cell under the pointer or the keys */
    this.cell = undefined;
  }

  get #index() {
    return this.session?.shown?.columns.findIndex(({ name }) => name === this.layer) ?? -1;
  }

  /** @returns {Column | undefined} */
  get column() {
    return this.session?.shown?.columns[this.#index];
  }

  /** @returns {Column | undefined} the column whose maps feed it */
  get source() {
    return this.session?.shown?.columns[this.#index - 1];
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("layer") || changes.has("unit")) this.cell = undefined;
  }

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "model") this.cell = undefined;
    if (kind === "model" || kind === "weights" || kind === "observation") this.requestUpdate();
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    this.#paint();
    const scroll = this.renderRoot.querySelector(".scroll");
    // On a narrow screen the middle of the map comes first, where the digit is.
    if (scroll && changes.has("layer")) scroll.scrollLeft = (scroll.scrollWidth - scroll.clientWidth) / 2;
  }

  #paint() {
    const { column, source, unit, dark } = this;
    const observation = this.session?.observation;
    const map = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector(".map"));
    if (!column || !map) return;
    const { width, height, bank } = column;
    const values = planeOf(observation, column, unit);
    const cell = cellFor(width, 600, width === 1 ? 64 : 44);
    const mark = this.cell;
    paintNumbers(map, values, { width, height, cell, meaning: meaningOf(column), dark, limit: largest(values), mark });
    if (!bank || !source) return;

    const side =
      bank.width <= LARGEST_PRINTED ? cellFor(bank.width, 160, bank.width === 1 ? 40 : 30) : 224 / bank.width;
    /** @type {NodeListOf<HTMLCanvasElement>} */ (this.renderRoot.querySelectorAll(".kernel")).forEach(
      (kernel, channel) => {
        paintNumbers(kernel, bank.patch(unit, channel), { ...bank, cell: side, meaning: "weight", dark });
      },
    );
    const meaning = meaningOf(source);
    const limit = meaning === "ink" ? 1 : (observation?.limits.get(source.name) ?? 1);
    /** @type {NodeListOf<HTMLCanvasElement>} */ (this.renderRoot.querySelectorAll(".fed")).forEach((fed, channel) => {
      const plane = planeOf(observation, source, bank.source(unit, channel));
      paint(fed, plane, { width: source.width, height: source.height, meaning, dark, limit });
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
    const step = steps(event);
    if (!step || !this.column) return;
    event.preventDefault();
    const { width, height } = this.column;
    const cell = this.cell ?? 0;
    const limit = (/** @type {number} */ value, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, value));
    const from = this.cell === undefined ? [0, 0] : step;
    this.cell = limit(Math.floor(cell / width) + from[1], height) * width + limit((cell % width) + from[0], width);
  }

  #readout() {
    const { column, cell, unit } = this;
    const observation = this.session?.observation;
    if (!column || cell === undefined || !observation) return "";
    const value = short(planeOf(observation, column, unit)[cell]);
    return `row ${Math.floor(cell / column.width) + 1}, column ${(cell % column.width) + 1}: ${value}`;
  }

  /** @param {Column} column */
  #facts(column) {
    const observation = this.session?.observation;
    const { min, max } = range(planeOf(observation, column, this.unit));
    const output =
      column.width * column.height === 1
        ? html`<dt>output</dt>
            <dd>${short(max)}</dd>`
        : html`<dt>smallest, largest</dt>
            <dd>${short(min)}, ${short(max)}</dd>`;
    const bias = column.bank?.bias?.[this.unit];
    return html`
      <dl class="facts">
        ${observation ? output : nothing}
        ${
          bias === undefined
            ? nothing
            : html`<dt>bias</dt>
                <dd>${short(bias)}</dd>`
        }
        ${
          column.bank
            ? html`<dt>activation</dt>
                <dd>${column.activation}</dd>`
            : nothing
        }
      </dl>
    `;
  }

  /** @param {Column} column @param {Column} source */
  #weights({ name, operation, shape, activation, bank, window }, source) {
    const word = unitWord(source);
    if (window) {
      const kind = operation === "maximum" ? "largest" : "mean";
      const where = `${source.name}, ${word} ${this.unit + 1}`;
      return html`<p>Each cell is the ${kind} of ${window.join("×")} cells of ${where}.</p>`;
    }
    if (!bank) return nothing;
    const all = bank.channels === source.count ? "all " : "";
    const few = bank.channels === 1 ? "one map" : `${all}${bank.channels} maps`;
    const maps = source.count === 1 ? source.name : `${few} of ${source.name}`;
    const what = shape.length === 3 ? `Each cell is a window on ${maps}` : `Its output is ${source.name}`;
    return html`
      <p>${what} times these weights, summed, plus the bias, through ${activation}.</p>
      <ul tabindex="0" aria-label="Weights of ${name}, unit ${this.unit + 1}">
        ${Array.from({ length: bank.channels }, (_, channel) => {
          const which =
            source.count > 1 ? `${source.name}, ${word} ${bank.source(this.unit, channel) + 1}` : source.name;
          return html`<li>
            <span class="quiet small">${which}</span>
            ${source.width > 1 ? html`<canvas class="fed" aria-hidden="true"></canvas>` : nothing}
            <canvas class="kernel" aria-hidden="true"></canvas>
          </li>`;
        })}
      </ul>
    `;
  }

  render() {
    const { column, source, unit } = this;
    if (!column) return;
    const last = column === this.session?.shown?.columns.at(-1);
    const title = last
      ? `${column.name}, unit for ${unit}`
      : `${column.name}, ${unitWord(column)} ${unit + 1} of ${column.count}`;
    return html`
      <section aria-label="Enlarged: ${title}">
        <header>
          <div class="name">${title}</div>
          <span class="quiet" ?hidden=${column.height * column.width === 1}>${column.height}×${column.width}</span>
          <button @click=${() => tell(this, "close")}>Close</button>
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
          <div class="beside">${this.#facts(column)}${source ? this.#weights(column, source) : nothing}</div>
        </div>
      </section>
    `;
  }
}

customElements.define("convscope-map-detail", MapDetail);
