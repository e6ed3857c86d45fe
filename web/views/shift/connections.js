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

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {{ row: number, column: number }} Cell of the matrix */
/** @typedef {{ strip: Strip, multiplyAdds: number }} Answer */

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
    const multiplyAdds = layers.find(({ name }) => name === column.name)?.multiplyAdds ?? 0;
    return { strip: new Strip(places, units), multiplyAdds };
  }

  /** The strip with one weight lit wherever it is used, if one is pointed at. @param {Strip} strip */
  #lit({ values, weights, width }) {
    const cell = this.pointed ?? this.chosen;
    const weight = cell && weights[cell.row * width + cell.column];
    if (weight === undefined || weight < 0) return values;
    return values.map((value, index) => (weights[index] === weight ? value : FADED * value));
  }

  /** @param {Strip} strip @param {Column} column */
  #words(strip, column) {
    const cell = this.pointed ?? this.chosen;
    if (!cell) return html`<span class="quiet">Point at a weight, or walk with the arrow keys.</span>`;
    const index = cell.row * strip.width + cell.column;
    const { unit, row, column: across } = strip.places[cell.row];
    const [x, y] = strip.pixelAt(cell.column);
    const from = html`pixel in row ${y + 1}, column ${x + 1} →
    ${row === undefined ? `unit ${unit + 1}` : `unit in row ${row + 1}, column ${(across ?? 0) + 1} of map ${unit + 1}`}`;
    const weight = strip.weights[index];
    if (weight < 0) return html`${from}: not connected`;
    const uses = strip.weights.filter((one) => one === weight).length;
    const all = Math.round((this.answer?.multiplyAdds ?? 0) / this.#own(column));
    return html`${from}: weight ${number(strip.values[index])},
    ${uses === 1 ? "used here alone" : `used ${uses} times in this strip and ${counted(all)} times in the layer`}`;
  }

  /** How many weights the layer has, without biases. @param {Column} column */
  #own({ bank, params }) {
    return params - (bank?.bias?.length ?? 0);
  }

  /** @param {Answer} answer @param {Column} column */
  #facts({ multiplyAdds }, column) {
    const { height, width, count, bank } = column;
    const maps = height * width > 1;
    const [pixels, units] = [SIDE * SIDE, height * width * count];
    const own = this.#own(column);
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
        <dd>
          <data value=${multiplyAdds}>${counted(multiplyAdds)}</data>${
            maps
              ? `, each weight is shared by ${counted(Math.round(multiplyAdds / own))}`
              : ", each has a weight of its own"
          }
        </dd>
        <dt>sparse connection</dt>
        <dd>
          ${maps && bank ? `yes: a unit sees ${bank.height * bank.width} of ${counted(pixels)} pixels` : "no: every unit sees every pixel"}
        </dd>
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
    const rows = convolution ? `${strip.height} units in a row of map 1` : `${strip.height} of ${column.count} units`;
    return html`
      <h3>${label}: ${column.className} <span class="quiet">${column.name} of ${session?.shown?.title}</span></h3>
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
      <p class="small">${this.#words(strip, column)}</p>
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
