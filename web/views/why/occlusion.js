import { css, html, nothing } from "lit";
import { range } from "../../ui/heat-map.js";
import { number, percent } from "../../ui/numbers.js";
import { base } from "../../ui/theme.js";
import { classNameOf } from "../../questions/class-names.js";
import { Explanation } from "./explanation.js";
import "../../ui/legend.js";
import "../../cells/number-table.js";
import "../../cells/plane.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../session/session.js").Session} Session */
/** @typedef {import("../../session/session.js").Observation} Observation */
/** @typedef {import("../../cells/plane.js").Plane} Plane */
/**
 * @typedef {object} Occluded
 * @property {Observation} observation what was asked about
 * @property {number} size of the square
 * @property {number} rows
 * @property {number} columns
 * @property {Float32Array} probabilities with the square on each pixel, [rows, columns, outputs]
 */

/**
 * @typedef {{ unit: number, falls: Float32Array, won: Uint8Array }} Maps of how far `unit` falls, and of what wins,
 * place by place
 */

const SIZES = { least: 1, most: 13, first: 7 };
const SPACE = 224;

/**
 * @param {Occluded} occluded
 * @param {number} unit the output that is explained
 * @returns {Maps}
 */
function mapsOf({ observation, rows, columns, probabilities }, unit) {
  const outputs = observation.probabilities.length;
  const falls = new Float32Array(rows * columns);
  const won = new Uint8Array(rows * columns);
  for (const place of falls.keys()) {
    const here = probabilities.subarray(place * outputs, (place + 1) * outputs);
    falls[place] = observation.probabilities[unit] - here[unit];
    won[place] = here.indexOf(Math.max(...here));
  }
  return { unit, falls, won };
}

/**
 * The other answers, the most frequent first.
 * @param {Uint8Array} won
 * @param {number} answer
 * @returns {[digit: number, places: number][]}
 */
function othersIn(won, answer) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const digit of won) if (digit !== answer) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  return Array.from(counts).sort((a, b) => b[1] - a[1]);
}

/**
 * How much the answer's probability falls where a square is laid over the drawing, and where another answer wins then
 * (Zeiler and Fergus 2014).
 *
 * @extends {Explanation<Occluded>}
 */
export class Occlusion extends Explanation {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { size: { state: true }, cell: { state: true } };

  static styles = [
    base,
    css`
      .maps {
        display: flex;
        flex-wrap: wrap;
        gap: 14px 32px;
      }
      figure {
        width: 224px;
        margin: 0;
      }
      figcaption {
        min-height: 40px;
        margin-bottom: 4px;
      }
      convscope-legend {
        margin-top: 8px;
      }
      .beside {
        flex: 1 1 240px;
        max-width: 44ch;
      }
      .beside > * {
        margin-bottom: 8px;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 28px;
      }
      input {
        flex: 0 1 150px;
        min-width: 60px;
      }
    `,
  ];

  constructor() {
    super();
    this.size = SIZES.first;
    /** Where the square is whose numbers are told. @type {{ row: number, column: number }} */
    this.cell = { row: 14, column: 14 };
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("size") && this.hasUpdated) void this.ask();
  }

  /**
   * @param {import("../../convscope.js").RemoteModel} model
   * @param {Observation} observation
   * @returns {Promise<Occluded>}
   */
  async explain(model, observation) {
    const { size } = this;
    return { observation, size, ...(await model.occlude(observation.image, { size })) };
  }

  /** @param {Occluded} answer @param {Maps} maps */
  #beside({ observation, rows, columns, probabilities }, { unit, falls, won }) {
    const { session } = this;
    const { row, column } = this.cell;
    const place = row * columns + column;
    const outputs = observation.probabilities.length;
    const after = probabilities[place * outputs + unit];
    const name = classNameOf(session, unit);
    const others = othersIn(won, observation.digit);
    const changed = others.reduce((sum, [, places]) => sum + places, 0);
    return html`
      <label
        >Square
        <input
          type="range"
          aria-label="Side of the square"
          min=${SIZES.least}
          max=${SIZES.most}
          step="2"
          .value=${String(this.size)}
          @input=${(/** @type {Event} */ { target }) => (this.size = /** @type {HTMLInputElement} */ (target).valueAsNumber)}
        />
        ${this.size}×${this.size}</label
      >
      <p class="cursor">
        On row ${row + 1}, column ${column + 1} the probability of ${name} goes from
        ${number(observation.probabilities[unit])} to ${number(after)}: it ${falls[place] < 0 ? "rises" : "falls"} by
        <data class="fall" value=${falls[place]}>${percent(Math.abs(falls[place]))}</data>, and the answer
        ${
          won[place] === observation.digit
            ? html`stays ${classNameOf(session, observation.digit)}.`
            : html`becomes <strong>${classNameOf(session, won[place])}</strong>.`
        }
      </p>
      <p>
        ${
          changed
            ? html`The answer changes at <data class="changed" value=${changed}>${changed}</data> of ${rows * columns}
                places:
                ${others.map(([digit, places], index) => html`${index ? ", " : ""}to ${classNameOf(session, digit)} at ${places}`)}.`
            : html`The answer stays ${classNameOf(session, observation.digit)} wherever the square lies: no single spot
              of this size decides.`
        }
      </p>
      <p class="quiet small">
        Point at the map, or move the frame with the arrow keys. The square hides ink: it sets its pixels to 0.
      </p>
      <convscope-number-table
        .values=${falls}
        .width=${columns}
        .height=${rows}
        .label=${`Fall of the probability of ${name}`}
      ></convscope-number-table>
    `;
  }

  render() {
    const { answer, cell, dark, session } = this;
    if (!answer) return html`<p class="quiet">A drawing that rests is explained here.</p>`;
    const { observation, rows, columns, size } = answer;
    const unit = this.chosen ?? observation.digit;
    const maps = mapsOf(answer, unit);
    const { falls, won } = maps;
    const name = classNameOf(session, unit);
    const { min, max } = range(falls);
    const limit = Math.max(Math.abs(min), Math.abs(max), 0.01);
    const changes = Float32Array.from(won, (digit) => (digit === observation.digit ? 0 : 1));
    const [height, width] = /** @type {Session} */ (session).inputSize;
    const faint = { values: observation.image, width, height };
    const window = { row: cell.row - (size - 1) / 2, column: cell.column - (size - 1) / 2, height: size, width: size };
    const choose = (/** @type {Told<"cell">} */ { detail }) => (this.cell = detail);
    /** @param {Float32Array} values @param {number} limit @param {string} label */
    const plane = (values, limit, label) =>
      html`<convscope-plane
        movable
        .movable=${true}
        .follows=${true}
        .values=${values}
        .width=${columns}
        .height=${rows}
        .limit=${limit}
        .faint=${faint}
        .cell=${cell}
        .window=${window}
        .space=${SPACE}
        .label=${label}
        .dark=${dark}
        @cell=${choose}
      ></convscope-plane>`;
    return html`
      <div class="maps">
        <figure>
          <figcaption>How much the probability of <strong>${name}</strong> falls with the square there</figcaption>
          ${plane(falls, limit, `Fall of the probability of ${name} where the square lies`)}
          <convscope-legend .signed=${true} .limit=${limit} .dark=${dark}></convscope-legend>
        </figure>
        <figure>
          <figcaption>
            Where the answer is no longer <strong>${classNameOf(session, observation.digit)}</strong>
          </figcaption>
          ${plane(changes, 1.6, "Where the answer changes")}
        </figure>
        <div class="beside">${rows * columns ? this.#beside(answer, maps) : nothing}</div>
      </div>
    `;
  }
}

customElements.define("convscope-occlusion", Occlusion);
