import { css, html, nothing } from "lit";
import { overChannels } from "../../ui/image.js";
import { SIDE } from "../../data/image-size.js";
import { ExplainingView } from "../../questions/explaining-view.js";
import { fieldStyles, numberField, unsent } from "../../ui/fields.js";
import { number } from "../../ui/numbers.js";
import { strongestPlace } from "../../session/layers.js";
import { stepsOf } from "./growth.js";
import { strongestUnit, unitAt } from "./live-units.js";
import { LESSON, LETTERS, NO_MAPS, SEEN, pixelsSeen } from "./words.js";
import { regionWindow } from "./chain.js";
import { base } from "../../ui/theme.js";
import { Width } from "../../ui/width.js";
import { tell } from "../../ui/events.js";
import "../../runs/data-summary.js";
import "../../ui/lesson.js";
import "../../cells/plane.js";
import "../../network/model-choice.js";
import "../../network/pad.js";
import "./effective.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../convscope.js").UnitArithmetic} UnitArithmetic */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("./growth.js").Step} Step */
/** @typedef {{ layer: string, unit: number, row: number, column: number }} UnitOfMap */
/** @typedef {{ place: UnitOfMap, unit: UnitArithmetic, steps: Step[] }} Answer */

/** CSS pixels of what is cut out, and where two of these would not stand side by side. */
const [SPACE, NARROW] = [196, 168];

/** What a unit sees of the drawing, layer by layer. @extends {ExplainingView<Answer>} */
export class ReceptiveFieldView extends ExplainingView {
  static styles = [
    base,
    fieldStyles,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 18px;
      }
      h2 {
        margin: 0 0 6px;
        font-size: inherit;
      }
      input[type="range"] {
        width: 180px;
        min-height: 24px;
      }
      .below {
        display: grid;
        grid-template-columns: 196px 196px minmax(0, 1fr);
        gap: 20px 32px;
        align-items: start;
        padding-top: 14px;
        border-top: 1px solid var(--hairline);
      }
      .formula {
        margin-bottom: 8px;
      }
      i {
        font-family: Georgia, "Liberation Serif", serif;
      }
      summary {
        min-height: 24px;
      }
      convscope-pad {
        max-width: 224px;
      }
      @media (max-width: 860px) {
        .below {
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 170px), 1fr));
        }
        .growth {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  #width = new Width(this);

  get #space() {
    return this.#width.current < 2 * SPACE + 20 ? NARROW : SPACE;
  }

  /** The layers with maps, the drawing first. @returns {Column[]} */
  get #columns() {
    return this.session?.shown?.columns.filter(({ height, width }) => height * width > 1) ?? [];
  }

  /**
   * The layer to begin with: the first with a kernel behind the first layer that makes the maps smaller, where the field
   * has begun to grow faster.
   * @returns {Column | undefined}
   */
  get #firstColumn() {
    const columns = this.#columns.slice(1);
    return columns.find(({ bank, height }) => bank && height < columns[0].height) ?? columns.at(-1);
  }

  /** The unit on view: the one that the address or a key chose, or one that responds. */
  get #unit() {
    const { place } = this;
    const observation = this.session?.observation;
    const column =
      this.#columns.slice(1).find(({ name }) => name === (place?.layer ?? this.layer)) ?? this.#firstColumn;
    if (!column) return undefined;
    const { name: layer, height, width } = column;
    if (place?.layer !== layer || place.unit >= column.count) return { layer, ...strongestUnit(observation, column) };
    const strongest = strongestPlace(observation, column, place.unit);
    const within = (
      /** @type {number | undefined} */ value,
      /** @type {number} */ size,
      /** @type {number} */ other,
    ) => (value === undefined || value >= size ? other : value);
    return {
      layer,
      unit: place.unit,
      row: within(place.row, height, strongest.row),
      column: within(place.column, width, strongest.column),
    };
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("place")) void this.ask();
  }

  /**
   * @param {Model} model
   * @param {import("../../session/session.js").Observation} observation
   * @returns {Promise<Answer | undefined>}
   */
  async explain(model, observation) {
    const place = this.#unit;
    if (!place) return undefined;
    const [unit, summary] = await Promise.all([model.explainUnit(observation.image, place), model.summary()]);
    return { place, unit, steps: stepsOf(summary) };
  }

  /** @param {Partial<UnitOfMap>} change */
  #show(change) {
    const unit = this.#unit;
    if (unit) tell(this, "place", { ...unit, ...change });
  }

  /** Goes to another layer, to a unit at the same place of the drawing. @param {string} name */
  #goTo(name) {
    const columns = this.#columns;
    const unit = this.#unit;
    const from = columns.find((column) => column.name === unit?.layer);
    const to = columns.find((column) => column.name === name);
    if (!from || !to || !unit) return;
    const row = Math.floor(((unit.row + 0.5) / from.height) * to.height);
    const column = Math.floor(((unit.column + 0.5) / from.width) * to.width);
    this.#show({ layer: name, ...unitAt(this.session?.observation, to, { row, column }) });
  }

  /** @param {UnitOfMap} unit @param {Column[]} columns @param {number} depth */
  #controls(unit, columns, depth) {
    return html`
      <form @submit=${unsent}>
        <button type="button" ?disabled=${depth <= 1} @click=${() => this.#goTo(columns[depth - 1].name)}>
          Shallower
        </button>
        <button
          type="button"
          ?disabled=${depth >= columns.length - 1}
          @click=${() => this.#goTo(columns[depth + 1].name)}
        >
          Deeper
        </button>
        <label
          >Layer
          <input
            type="range"
            min="1"
            max=${columns.length - 1}
            .value=${String(depth)}
            aria-valuetext=${unit.layer}
            @input=${(/** @type {Event} */ { target }) =>
              this.#goTo(columns[/** @type {HTMLInputElement} */ (target).valueAsNumber].name)}
          />
          ${unit.layer}</label
        >
        ${numberField({
          text: `Map of ${columns[depth].count}`,
          value: unit.unit + 1,
          min: 1,
          max: columns[depth].count,
          whole: true,
          stepped: true,
          change: (map) => this.#show({ unit: map - 1 }),
        })}
      </form>
    `;
  }

  /** The part of the drawing that the unit sees. @param {import("../../cells/plane.js").Window} seen */
  #cutOut(seen) {
    const [, width, channels] = this.session?.inputShape ?? [SIDE, SIDE, 1];
    const whole = this.session?.observation?.image;
    if (!whole) return nothing;
    const image = overChannels(whole, channels).map((light) => light / channels);
    const values = Float32Array.from({ length: seen.height * seen.width }, (_, index) => {
      const row = seen.row + Math.floor(index / seen.width);
      return image[row * width + seen.column + (index % seen.width)];
    });
    return html`<convscope-plane
      .values=${values}
      .width=${seen.width}
      .height=${seen.height}
      .meaning=${"ink"}
      .limit=${1}
      .space=${this.#space}
      .label=${SEEN}
      .dark=${this.dark}
    ></convscope-plane>`;
  }

  /** @param {Answer} answer */
  #below({ place, unit, steps }) {
    const region = unit.regions[unit.regions.length - 1];
    const seen = regionWindow(region);
    const step = steps.find(({ name }) => name === place.layer);
    return html`
      <div class="below">
        <div>
          <h2>What the unit sees</h2>
          ${this.#cutOut(seen)}
          <p class="small">
            ${pixelsSeen(seen, step?.field)}<br />
            <span class="quiet">the unit’s output:</span> ${number(unit.output)}
          </p>
        </div>
        <div>
          <h2>Which pixels matter</h2>
          <convscope-effective-field
            .session=${this.session}
            .place=${place}
            .window=${seen}
            .space=${this.#space}
            .dark=${this.dark}
          ></convscope-effective-field>
        </div>
        <div class="growth">
          <h2>How it grows</h2>
          <p class="formula">
            <i>r<sub>l</sub></i> = <i>r</i><sub><i>l</i>−1</sub> + (<i>k<sub>l</sub></i> − 1) · <i>j</i
            ><sub><i>l</i>−1</sub>, &ensp; <i>j<sub>l</sub></i> = <i>j</i><sub><i>l</i>−1</sub> · <i>s<sub>l</sub></i>
          </p>
          <p class="formula small quiet">${LETTERS}</p>
          <convscope-growth
            .steps=${steps}
            .layer=${place.layer}
            @layer=${(/** @type {Told<"layer">} */ { detail }) => this.#goTo(detail)}
          ></convscope-growth>
        </div>
      </div>
    `;
  }

  render() {
    const { session, dark, answer } = this;
    if (!session) return nothing;
    const columns = this.#columns;
    const unit = this.#unit;
    const depth = columns.findIndex(({ name }) => name === unit?.layer);
    const regions = new Map(answer?.unit.regions.map((region) => [region.layer, region]));
    const fits = answer?.place.layer === unit?.layer;
    return html`
      <div class="view">
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${LESSON}></convscope-lesson>
        <convscope-model-choice
          .session=${session}
          .fixed=${this.hides("model")}
          ?hidden=${this.hides("about")}
        ></convscope-model-choice>
        ${
          unit
            ? html`
                ${this.hides("controls") ? nothing : this.#controls(unit, columns, depth)}
                <convscope-field-chain
                  .session=${session}
                  .columns=${columns.slice(0, depth + 1)}
                  .unit=${unit.unit}
                  .cell=${{ row: unit.row, column: unit.column }}
                  .regions=${fits ? regions : new Map()}
                  .narrow=${this.#space === NARROW}
                  .dark=${dark}
                  @cell=${(/** @type {Told<"cell">} */ { detail }) => this.#show(detail)}
                ></convscope-field-chain>
                ${answer ? this.#below(answer) : nothing}
              `
            : html`<p ?hidden=${!session.shown}>${NO_MAPS}</p>`
        }
        <convscope-data-summary ?hidden=${this.hides("about")}></convscope-data-summary>
        <details ?hidden=${this.hides("buttons")}>
          <summary>Draw another digit</summary>
          <convscope-pad .session=${session} .dark=${dark}></convscope-pad>
        </details>
      </div>
    `;
  }
}

customElements.define("convscope-receptive-field", ReceptiveFieldView);
