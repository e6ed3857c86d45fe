import { css, html, nothing } from "lit";
import { latest } from "../../engine/latest.js";
import { SIDE } from "../../data/image-size.js";
import { counted } from "../../ui/counted.js";
import { number } from "../../ui/numbers.js";
import { SessionElement } from "../../session/session-element.js";
import { problemOf } from "../../session/problem.js";
import { base } from "../../ui/theme.js";
import { Width } from "../../ui/width.js";
import "../../cells/number-grid.js";
import "../../cells/number-table.js";
import "../../cells/plane.js";
import "../../ui/legend.js";
import { Strip, placesOf } from "./strip.js";
import { Uses } from "./uses.js";
import * as words from "./words.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {{ row: number, column: number }} Cell of the matrix */
/** @typedef {{ strip: Strip, uses: Uses }} Answer */

/** What is left of a colour that another weight's place takes the attention from. */
const FADED = 0.12;

/** A strip of the matrix between the input and the first layer with weights, and how many weights the layer has. */
export class Connections extends SessionElement {
  static properties = {
    label: { attribute: false },
    answer: { state: true },
    chosen: { state: true },
    pointed: { state: true },
  };

  static styles = [
    base,
    css`
      :host {
        min-width: 0;
      }
      h3 {
        margin: 0 0 6px;
        font-size: inherit;
      }
      /* As wide as the picture: a heading for each row of pixels stands above its columns. */
      .strip {
        width: min-content;
      }
      .heads {
        display: grid;
        grid-auto-columns: minmax(0, 1fr);
        grid-auto-flow: column;
        width: 100%;
        margin-top: 2px;
      }
      .heads span {
        padding-left: 4px;
        border-left: 1px solid var(--ink);
      }
      p {
        margin: 6px 0;
        min-height: 2lh;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 14px;
        margin: 8px 0;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
      }
      .below {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        justify-content: space-between;
        gap: 8px 24px;
      }
      convscope-legend {
        width: 150px;
      }
    `,
  ];

  #width = new Width(this);
  #latest = latest((/** @type {Model} */ model, /** @type {Column} */ column) => this.#read(model, column));

  constructor() {
    super();
    this.label = "";
    /** @type {Answer | undefined} */
    this.answer = undefined;
    /** @type {Cell | undefined} */
    this.chosen = undefined;
    /** @type {Cell | undefined} */
    this.pointed = undefined;
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("session")) void this.#ask();
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "model" || kind === "weights") void this.#ask();
  }

  /** The first layer with weights. */
  get #column() {
    return this.session?.shown?.columns.find(({ bank }) => bank);
  }

  async #ask() {
    const model = this.session?.model;
    const column = this.#column;
    this.answer = this.chosen = this.pointed = undefined;
    if (!model || !column) return this.#latest.drop();
    try {
      const answer = await this.#latest(model, column);
      if (answer && model === this.session?.model) this.answer = answer;
    } catch (error) {
      if (model === this.session?.model) this.session?.report(problemOf(error));
    }
  }

  /** @param {Model} model @param {Column} column @returns {Promise<Answer>} */
  async #read(model, column) {
    const blank = new Float32Array(SIDE * SIDE);
    const places = placesOf(column);
    const [{ layers }, ...units] = await Promise.all([
      model.summary(),
      ...places.map((place) => model.explainUnit(blank, place)),
    ]);
    const layer = layers.find(({ name }) => name === column.name);
    return { strip: new Strip(places, units), uses: new Uses(layer?.window ?? null) };
  }

  /** The strip with one weight lit wherever it is used, if one is pointed at. @param {Strip} strip */
  #lit({ values, weights, width }) {
    const cell = this.pointed ?? this.chosen;
    const weight = cell && weights[cell.row * width + cell.column];
    if (weight === undefined || weight < 0) return values;
    return values.map((value, index) => (weights[index] === weight ? value : FADED * value));
  }

  /** @param {Answer} answer */
  #words({ strip, uses }) {
    const cell = this.pointed ?? this.chosen;
    if (!cell) return html`<span class="quiet">${words.SHARING.point}</span>`;
    const index = cell.row * strip.width + cell.column;
    const from = words.connection(strip.places[cell.row], strip.pixelAt(cell.column));
    const weight = strip.weights[index];
    if (weight < 0) return html`${from}: ${words.NOT_CONNECTED}`;
    const here = strip.weights.filter((one) => one === weight).length;
    return html`${from}: weight ${number(strip.values[index])}, ${words.uses(here, uses.of(weight))}`;
  }

  /** How many weights the layer has, without biases. @param {Column} column */
  #own({ bank, params }) {
    return params - (bank?.bias?.length ?? 0);
  }

  /** @param {Answer} answer @param {Column} column */
  #facts({ uses }, column) {
    const { height, width, count, bank } = column;
    const maps = height * width > 1;
    const [pixels, units] = [SIDE * SIDE, height * width * count];
    const own = this.#own(column);
    const connections = uses.all(own);
    return html`
      <dl>
        <dt>inputs × units</dt>
        <dd>${counted(pixels)} × ${counted(units)}${maps ? ` (${count} maps of ${height}×${width})` : ""}</dd>
        <dt>different weights</dt>
        <dd>
          <strong><data value=${own}>${counted(own)}</data></strong>
          ${maps && bank ? ` = ${bank.height}×${bank.width}×${bank.channels} × ${count} filters` : ""} and
          ${bank?.bias?.length ?? 0} biases
        </dd>
        <dt>connections</dt>
        <dd>${words.connections(connections, own, maps)}</dd>
        <dt>sparse</dt>
        <dd>${words.sparse(maps && bank ? bank.height * bank.width : pixels, pixels)}</dd>
        ${
          maps
            ? html`<dt>if it were dense</dt>
                <dd>${counted(pixels)} × ${counted(units)} = ${counted(pixels * units)} weights</dd>`
            : nothing
        }
      </dl>
    `;
  }

  render() {
    const { answer, session, dark, label } = this;
    const column = this.#column;
    if (!answer || !column) return html`<h3>${label}</h3>`;
    const { strip } = answer;
    const { bank } = column;
    const limit = bank?.limit ?? 1;
    const cell = this.pointed ?? this.chosen;
    const weight = cell ? strip.weights[cell.row * strip.width + cell.column] : -1;
    const convolution = column.height * column.width > 1;
    const rows = words.rows(strip.height, convolution ? undefined : column.count);
    return html`
      <h3>${label}: ${column.className} <span class="quiet">${column.name} of ${session?.shown?.title}</span></h3>
      <div class="strip">
        <div class="small quiet">
          ${words.unitRows(strip.height, strip.places[0].row ?? NaN)}; ${words.SHARING.columns}
        </div>
        <div class="small quiet heads" aria-hidden="true">
          ${strip.pixelRows.map((row) => html`<span>${words.pixelRow(row)}</span>`)}
        </div>
        <convscope-plane
          .values=${this.#lit(strip)}
          .width=${strip.width}
          .height=${strip.height}
          .meaning=${"weight"}
          .limit=${limit}
          .space=${this.#width.current}
          .cell=${this.chosen}
          .movable=${true}
          .label=${`Weights of the ${label}: ${rows} by ${strip.width} pixels`}
          .dark=${dark}
          @cell=${(/** @type {Told<"cell">} */ { detail }) => (this.chosen = detail)}
          @pointcell=${(/** @type {Told<"pointcell">} */ { detail }) =>
            (this.pointed = detail && strip.holds(detail) ? detail : undefined)}
        ></convscope-plane>
      </div>
      <p class="small">${this.#words(answer)}</p>
      <div class="below">
        <div>
          ${this.#facts(answer, column)}
          <convscope-legend .meaning=${"weight"} .signed=${true} .limit=${limit} .dark=${dark}></convscope-legend>
        </div>
        ${
          convolution && bank
            ? html`<convscope-number-grid
                .values=${bank.patch(0, 0)}
                .width=${bank.width}
                .height=${bank.height}
                .meaning=${"weight"}
                .limit=${limit}
                .marked=${weight < 0 ? undefined : weight}
                .label=${"The kernel of map 1"}
                .dark=${dark}
              ></convscope-number-grid>`
            : nothing
        }
      </div>
      <convscope-number-table
        .values=${strip.values}
        .width=${strip.width}
        .height=${strip.height}
        .label=${`Weights of the ${label}`}
      ></convscope-number-table>
    `;
  }
}

customElements.define("convscope-connections", Connections);
