import { css, html, nothing } from "lit";
import { SIDE } from "../../data/image-size.js";
import { ExplainingView } from "../../questions/explaining-view.js";
import { fieldStyles, numberField, unsent } from "../../ui/fields.js";
import { number } from "../../ui/numbers.js";
import { stepsOf } from "./growth.js";
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

/** @type {import("../../ui/lesson.js").Lesson} */
const LESSON = {
  caption:
    "A unit of the first layer sees no more of the drawing than its kernel covers: its receptive field. Every further layer sees what the units in its window see together, so that the field grows with depth, and faster behind each stride or pooling.",
  question: {
    text: "two convolutions of 3×3, one after the other, stride 1. How much of the drawing does a unit of the second see?",
    answers: ["3×3", "5×5", "6×6", "9×9"],
    right: 1,
    because: "r = 3 + (3 − 1) · 1 = 5: its 3×3 units of the first layer see 3×3 pixels each, and these overlap.",
  },
};

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

  /** The unit on view: the one that the address or a key chose, or one in the middle of the first layer. */
  get #unit() {
    const columns = this.#columns;
    const { place } = this;
    const column = columns.slice(1).find(({ name }) => name === (place?.layer ?? this.layer)) ?? columns[1];
    if (!column) return undefined;
    const within = (/** @type {number | undefined} */ value, /** @type {number} */ size) =>
      value === undefined || value >= size ? Math.floor(size / 2) : value;
    const known = place?.layer === column.name ? place : undefined;
    return {
      layer: column.name,
      unit: known && known.unit < column.count ? known.unit : 0,
      row: within(known?.row, column.height),
      column: within(known?.column, column.width),
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

  /** Goes to another layer, to the unit at the same place of the drawing. @param {string} name */
  #goTo(name) {
    const columns = this.#columns;
    const from = columns.find((column) => column.name === this.#unit?.layer);
    const to = columns.find((column) => column.name === name);
    const unit = this.#unit;
    if (!from || !to || !unit) return;
    const row = Math.floor(((unit.row + 0.5) / from.height) * to.height);
    const column = Math.floor(((unit.column + 0.5) / from.width) * to.width);
    this.#show({ layer: name, unit: Math.min(unit.unit, to.count - 1), row, column });
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
          change: (map) => this.#show({ unit: map - 1 }),
        })}
      </form>
    `;
  }

  /** The part of the drawing that the unit sees. @param {import("../../cells/plane.js").Window} seen */
  #cutOut(seen) {
    const { image } = this.session?.observation ?? {};
    if (!image) return nothing;
    const values = Float32Array.from({ length: seen.height * seen.width }, (_, index) => {
      const row = seen.row + Math.floor(index / seen.width);
      return image[row * SIDE + seen.column + (index % seen.width)];
    });
    return html`<convscope-plane
      .values=${values}
      .width=${seen.width}
      .height=${seen.height}
      .meaning=${"ink"}
      .limit=${1}
      .space=${this.#space}
      .label=${"What the unit sees of the drawing"}
      .dark=${this.dark}
    ></convscope-plane>`;
  }

  /** @param {Answer} answer */
  #below({ place, unit, steps }) {
    const region = unit.regions[unit.regions.length - 1];
    const seen = regionWindow(region);
    const step = steps.find(({ name }) => name === place.layer);
    const cut = step && (seen.height < step.field || seen.width < step.field);
    return html`
      <div class="below">
        <div>
          <h2>What the unit sees</h2>
          ${this.#cutOut(seen)}
          <p class="small">
            <data value=${seen.height}>${seen.height}</data>×<data value=${seen.width}>${seen.width}</data> pixels
            ${cut ? html`<span class="quiet">of ${step.field}×${step.field}; the rest is padding</span>` : nothing}<br />
            <span class="quiet">the unit's output:</span> ${number(unit.output)}
          </p>
        </div>
        <div>
          <h2>What of it counts</h2>
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
            <span class="quiet">&ensp;kernel or window k, stride s, jump j</span>
          </p>
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
                  .dark=${dark}
                  @cell=${(/** @type {Told<"cell">} */ { detail }) => this.#show(detail)}
                ></convscope-field-chain>
                ${answer ? this.#below(answer) : nothing}
              `
            : html`<p ?hidden=${!session.shown}>
                This network has no maps: every unit sees the whole drawing from the first layer on.
              </p>`
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
