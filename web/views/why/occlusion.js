import { css, html, nothing } from "lit";
import { range } from "../../ui/heat-map.js";
import { base } from "../../ui/theme.js";
import { classNameOf } from "../../questions/class-names.js";
import { Explanation, inkOf } from "./explanation.js";
import "../../ui/legend.js";
import "../../cells/number-table.js";
import "../../cells/plane.js";
import * as words from "./words.js";

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

const SIZES = { least: 1, most: 13 };
/** A small square hides too little of some drawings, and of those that a better network reads. */
const TRIED = [7, 9, 11, 13];
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

/** @param {Occluded} occluded whether the square makes the answer another anywhere */
const changesAnswer = (occluded) => {
  const { digit } = occluded.observation;
  return mapsOf(occluded, digit).won.some((winner) => winner !== digit);
};

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
    /** The side of the square; if undefined, the first of those tried that changes the answer. @type {number | undefined} */
    this.size = undefined;
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
    const sizes = this.size === undefined ? TRIED : [this.size];
    /** @type {Occluded | undefined} */
    let first;
    for (const size of sizes) {
      const answer = { observation, size, ...(await model.occlude(observation.image, { size })) };
      if (changesAnswer(answer)) return answer;
      first ??= answer;
    }
    return /** @type {Occluded} */ (first);
  }

  /** @param {Occluded} answer @param {Maps} maps */
  #beside({ observation, size, rows, columns, probabilities }, { unit, falls, won }) {
    const { session } = this;
    const side = this.size ?? size;
    const place = this.cell.row * columns + this.cell.column;
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
          .value=${String(side)}
          @input=${(/** @type {Event} */ { target }) => (this.size = /** @type {HTMLInputElement} */ (target).valueAsNumber)}
        />
        ${side}×${side}</label
      >
      <p class="cursor">
        ${words.fall(
          this.cell,
          name,
          observation.probabilities[unit],
          after,
          won[place] === observation.digit
            ? words.stays(classNameOf(session, observation.digit))
            : words.becomes(classNameOf(session, won[place])),
        )}
      </p>
      <p>
        ${
          changed
            ? words.changes(
                changed,
                rows * columns,
                others.map(([digit, places]) => `to ${classNameOf(session, digit)} at ${places}`).join(", "),
              )
            : words.neverChanges(classNameOf(session, observation.digit))
        }
      </p>
      <p class="quiet small">${words.POINT}</p>
      <convscope-number-table
        .values=${falls}
        .width=${columns}
        .height=${rows}
        .label=${words.fallLabel(name)}
      ></convscope-number-table>
    `;
  }

  render() {
    const { answer, cell, dark, session } = this;
    if (!answer) return html`<p class="quiet">${words.RESTING}</p>`;
    const { observation, rows, columns, size } = answer;
    const unit = this.chosen ?? observation.digit;
    const maps = mapsOf(answer, unit);
    const { falls, won } = maps;
    const name = classNameOf(session, unit);
    const { min, max } = range(falls);
    const limit = Math.max(Math.abs(min), Math.abs(max), 0.01);
    const changes = Float32Array.from(won, (digit) => (digit === observation.digit ? 0 : 1));
    const drawing = session && inkOf(session, observation);
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
        .drawing=${drawing}
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
          <figcaption>${words.fallMap(name)}</figcaption>
          ${plane(falls, limit, words.fallLabel(name))}
          <convscope-legend .signed=${true} .limit=${limit} .dark=${dark}></convscope-legend>
        </figure>
        <figure>
          <figcaption>${words.changeMap(classNameOf(session, observation.digit))}</figcaption>
          ${plane(changes, 1.6, "Where the answer changes")}
        </figure>
        <div class="beside">${rows * columns ? this.#beside(answer, maps) : nothing}</div>
      </div>
    `;
  }
}

customElements.define("convscope-occlusion", Occlusion);
