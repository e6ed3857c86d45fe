import { css, html, nothing } from "lit";
import { ExplainingView } from "../../questions/explaining-view.js";
import { presetKernel, presets } from "../../questions/kernel-presets.js";
import { Stepper } from "../../ui/stepper.js";
import { editWeights, isEdited, resetEdits, undoEdit } from "./weight-edits.js";
import { largest, range } from "../../ui/heat-map.js";
import { meaningOf, planeOf, strongestPlace, unitWord } from "../../session/layers.js";
import { samePlace } from "../../session/place.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { LESSON } from "./lesson.js";
import "../../ui/lesson.js";
import "../../cells/number-table.js";
import "../../cells/plane.js";
import "./unit-channel.js";
import "./unit-sum.js";
import "./unit-trace.js";
import "../../network/model-choice.js";
import "../../network/network-figure.js";
import "../../network/pad.js";
import "../../network/prediction.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../convscope.js").UnitArithmetic} UnitArithmetic */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../session/view.js").Place} Place */
/** @typedef {{ layer: string, unit: number, row: number, column: number }} Pin the unit that is explained */

/** What a filter can be given at once. */
const KERNELS = presets("vertical-edge", "horizontal-edge", "blur", "cross", "plus", "identity", "zero");
/** So many channels are shown at first, those that add most. */
const FIRST_CHANNELS = 3;
/** Between two steps while a map is filled, and what the whole takes at most, in milliseconds. */
const FILL_PACE = 90;
const FILL_TIME = 6000;

/**
 * One unit of a network down to each multiply and add.
 * @extends {ExplainingView<UnitArithmetic>}
 */
export class UnitView extends ExplainingView {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { all: { state: true }, filled: { state: true } };

  static styles = [
    base,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
      }
      .network {
        display: grid;
        grid-template-columns: 180px minmax(0, 1fr) 144px;
        align-items: start;
        gap: 16px 24px;
      }
      .story {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 264px;
        align-items: start;
        gap: 16px 32px;
        padding-top: 12px;
        border-top: 1px solid var(--hairline);
      }
      header,
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
      }
      header {
        grid-column: 1 / -1;
        justify-content: space-between;
      }
      h2,
      h3 {
        margin: 0;
        font-size: 16px;
        font-weight: 600;
      }
      h3 {
        margin-bottom: 6px;
        font-size: inherit;
      }
      .channels {
        display: grid;
        gap: 14px;
      }
      .result {
        display: grid;
        gap: 12px;
      }
      .trace {
        grid-column: 1 / -1;
        padding-top: 12px;
        border-top: 1px solid var(--hairline);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      @media (max-width: 860px) {
        .network {
          grid-template:
            "pad prediction" auto
            "figure figure" auto / minmax(0, 220px) minmax(124px, 1fr);
        }
        convscope-network-figure {
          grid-area: figure;
        }
        .story {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  /** @type {Pin | undefined} */
  #lastPin;
  /** What is shown before a unit is chosen. @type {{ layer: string, unit: number } | undefined} */
  #first;
  #stepper = new Stepper(this, () => this.#fillNext(), FILL_PACE);

  constructor() {
    super();
    /** Whether all channels are shown. */
    this.all = false;
    /**
     * While a map is filled, cell by cell: which, and the last cell that is.
     * @type {{ layer: string, unit: number, cell: number } | undefined}
     */
    this.filled = undefined;
  }

  /**
   * The unit that is explained: the one that was pinned; before that, the strongest of a map that responds strongly.
   * @returns {Pin | undefined}
   */
  get pin() {
    const { session, place } = this;
    const columns = session?.shown?.columns ?? [];
    const chosen = columns.find(({ name, isInput }) => name === place?.layer && !isInput);
    const column = chosen ?? this.#firstColumn(columns);
    if (!column) return undefined;
    const unit = Math.min(chosen && place ? place.unit : this.#firstUnit(column), column.count - 1);
    const { row, column: across } =
      (chosen && place?.row !== undefined && place) || strongestPlace(session?.observation, column, unit);
    const inside = (/** @type {number} */ value, /** @type {number} */ count) => Math.min(value, count - 1);
    const pin = {
      layer: column.name,
      unit,
      row: inside(row ?? 0, column.height),
      column: inside(across ?? 0, column.width),
    };
    // While it stays the same unit it stays the same object, for which nothing is drawn anew.
    if (!samePlace(pin, this.#lastPin)) this.#lastPin = pin;
    return this.#lastPin;
  }

  /**
   * The layer that the address names; else the second convolution, which sums over several maps.
   * @param {Column[]} columns
   * @returns {Column | undefined}
   */
  #firstColumn(columns) {
    const computed = columns.filter(({ isInput }) => !isInput);
    const summing = computed.filter(({ bank }) => bank);
    const maps = summing.filter(({ width, height }) => width * height > 1);
    return computed.find(({ name }) => name === this.layer) ?? maps[1] ?? maps[0] ?? summing[0] ?? computed[0];
  }

  /** The map that responds most to the drawing that the view begins with. @param {Column} column */
  #firstUnit({ name, count, width, height }) {
    const values = this.session?.observation?.maps.get(name);
    if (this.#first?.layer !== name && values) {
      const unit = Math.floor(values.indexOf(range(values).max) / (width * height));
      this.#first = { layer: name, unit: Math.min(unit, count - 1) };
    }
    return this.#first?.layer === name ? this.#first.unit : 0;
  }

  /** The column of the unit that is explained. @returns {Column | undefined} */
  get column() {
    const { pin } = this;
    return this.session?.shown?.columns.find(({ name }) => name === pin?.layer);
  }

  /**
   * @param {import("../../convscope.js").RemoteModel} model
   * @param {import("../../session/session.js").Observation} observation
   */
  async explain(model, observation) {
    const { pin } = this;
    return pin && model.explainUnit(observation.image, pin);
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    const { filled, pin } = this;
    if (filled && (filled.layer !== pin?.layer || filled.unit !== pin.unit)) this.#stopFilling();
    if (changes.has("place")) void this.ask();
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "model") this.#first = undefined;
    super.changed(kind);
  }

  /** @param {Partial<Pin>} change */
  #pin(change) {
    const { pin } = this;
    if (!pin) return;
    this.place = { ...pin, ...change };
    tell(this, "place", this.place);
  }

  #stopFilling() {
    this.#stepper.stop();
    this.filled = undefined;
  }

  #fill() {
    const { pin } = this;
    if (!pin) return;
    // Where motion is unwanted, the map is there at once.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.#stopFilling();
    this.filled ??= { layer: pin.layer, unit: pin.unit, cell: -1 };
    this.#stepper.toggle();
  }

  /** Fills so many cells that the whole does not take long. */
  #fillNext() {
    const { column, filled } = this;
    if (!column || !filled) return;
    const cells = column.width * column.height;
    if (filled.cell === cells - 1) return this.#stopFilling();
    const cell = Math.min(filled.cell + Math.ceil((cells * FILL_PACE) / FILL_TIME), cells - 1);
    this.filled = { ...filled, cell };
    this.#pin({ row: Math.floor(cell / column.width), column: cell % column.width });
  }

  /** A click on a map goes to the strongest unit of it. @param {Told<"place">} event of the figure */
  #choose({ detail: place }) {
    const column = this.session?.shown?.columns.find(({ name }) => name === place?.layer);
    if (!place || !column || column.isInput) return;
    this.#stopFilling();
    this.#pin({ ...place, ...strongestPlace(this.session?.observation, column, place.unit) });
  }

  /** @param {Float32Array[]} kernels one for each channel of the pinned unit */
  #give(kernels) {
    const { session, column, pin } = this;
    const { bank } = column ?? {};
    if (!session || !bank || !pin) return;
    const values = bank.values.slice();
    kernels.forEach((kernel, channel) => {
      for (const [cell, weight] of kernel.entries()) values[bank.index(pin.unit, channel, cell)] = weight;
    });
    void editWeights(session, bank, 0, values);
  }

  /** @param {number} channel @param {Told<"edit">} event */
  #edit(channel, { detail: { index, value } }) {
    const { session, column, pin } = this;
    if (!session || !column?.bank || !pin) return;
    void editWeights(session, column.bank, column.bank.index(pin.unit, channel, index), Float32Array.of(value));
  }

  /** @param {Event} event */
  #preset({ target }) {
    const select = /** @type {HTMLSelectElement} */ (target);
    const preset = KERNELS.find(({ name }) => name === select.value);
    const { bank } = this.column ?? {};
    if (preset && bank)
      this.#give(Array.from({ length: bank.channels }, () => presetKernel(preset.name, bank.height, bank.width)));
    select.value = "";
  }

  #controls() {
    const { session, column } = this;
    if (!session || !column || this.hides("controls")) return nothing;
    const cells = column.width * column.height;
    return html`<div class="controls">
      <button ?hidden=${cells === 1} @click=${() => this.#fill()}>
        ${this.#stepper.running ? "Pause" : "Fill the map"}
      </button>
      <label ?hidden=${!column.bank || column.bank.width === 1}
        >Kernel
        <select @change=${this.#preset}>
          <option value="">as it is</option>
          ${KERNELS.map(({ name, title }) => html`<option value=${name}>${title}</option>`)}
        </select>
      </label>
      <button ?disabled=${!isEdited(session)} @click=${() => undoEdit(session)}>Undo change</button>
      <button ?disabled=${!isEdited(session)} @click=${() => resetEdits(session)}>Reset weights</button>
    </div>`;
  }

  /** @param {UnitArithmetic} story @param {Column} source */
  #channels(story, source) {
    const { all, column, session } = this;
    const { observation } = session ?? {};
    const order = Array.from(story.channels.keys());
    const weight = (/** @type {number} */ index) => Math.abs(story.sums[index] ?? 0);
    const few = order.length > FIRST_CHANNELS + 1 && !all;
    const shown = few ? order.sort((one, other) => weight(other) - weight(one)).slice(0, FIRST_CHANNELS) : order;
    const meaning = meaningOf(source);
    const limits = {
      source: meaning === "ink" ? 1 : (observation?.limits.get(source.name) ?? 1),
      kernel: column?.bank?.limit ?? largest(story.kernel),
      product: largest(story.products),
    };
    return html`
      <div class="channels">
        <h3>
          ${order.length === 1 ? `The window on ${source.name}` : `${few ? `The ${FIRST_CHANNELS} of ${order.length} channels that add or take most` : `All ${order.length} channels`}`}
          ${order.length > FIRST_CHANNELS + 1 ? html`<button class="plain small" @click=${() => (this.all = !all)}>${all ? "Show fewer" : "Show all"}</button>` : nothing}
        </h3>
        ${shown.map(
          (index) =>
            html`<convscope-unit-channel
              .story=${story}
              .index=${index}
              .plane=${planeOf(observation, source, story.channels[index])}
              .meaning=${meaning}
              .limits=${limits}
              .name=${this.#nameOf(source, story.channels[index])}
              .editable=${story.operation === "weighted-sum" && !this.hides("controls")}
              .dark=${this.dark}
              @edit=${(/** @type {Told<"edit">} */ event) => this.#edit(index, event)}
            ></convscope-unit-channel>`,
        )}
      </div>
    `;
  }

  /** @param {Column} source @param {number} channel */
  #nameOf(source, channel) {
    return source.count === 1 ? source.name : `${source.name}, ${unitWord(source)} ${channel + 1}`;
  }

  /** The unit's map, movable; while it plays, no further than it has come. @param {Pin} pin @param {Column} column */
  #map(pin, column) {
    if (column.width * column.height === 1) return nothing;
    const whole = planeOf(this.session?.observation, column, pin.unit);
    const { filled } = this;
    return html`<div>
      <convscope-plane
        .values=${whole}
        .width=${column.width}
        .height=${column.height}
        .filled=${filled && filled.cell + 1}
        .limit=${this.session?.observation?.limits.get(column.name) ?? 1}
        .space=${224}
        .cell=${pin}
        .movable=${true}
        .label=${`The map that ${column.name}, map ${pin.unit + 1} gives: arrow keys go from unit to unit`}
        .dark=${this.dark}
        @cell=${(/** @type {Told<"cell">} */ { detail }) => {
          this.#stopFilling();
          this.#pin(detail);
        }}
      ></convscope-plane>
      <p class="quiet small">Its map: click, drag or use the arrow keys to move the window.</p>
      <convscope-number-table
        .values=${whole}
        .width=${column.width}
        .height=${column.height}
        .label=${`Map ${pin.unit + 1} of ${column.name}`}
      ></convscope-number-table>
    </div>`;
  }

  #story() {
    const { answer: story, pin, column, session } = this;
    const columns = session?.shown?.columns ?? [];
    const source = columns.find(({ name }) => name === story?.source);
    if (!story || !pin || !column || !source)
      return html`<p class="quiet">Draw a digit, or take a sample, to see a unit at work.</p>`;
    const where = column.width * column.height === 1 ? "" : `, row ${pin.row + 1}, column ${pin.column + 1}`;
    return html`
      <section class="story" aria-label="Arithmetic of the unit">
        <header>
          <h2>${column.name}, ${unitWord(column)} ${pin.unit + 1} of ${column.count}${where}</h2>
          ${this.#controls()}
        </header>
        ${this.#channels(story, source)}
        <div class="result">
          ${this.#map(pin, column)}
          <convscope-unit-sum
            .story=${story}
            .names=${Array.from(story.channels, (channel) => this.#nameOf(source, channel))}
            .unit=${pin.unit}
          ></convscope-unit-sum>
        </div>
        <div class="trace">
          <h3>What it sees: its receptive field, traced back to the drawing</h3>
          <convscope-unit-trace
            .regions=${story.regions}
            .columns=${columns}
            .observation=${session?.observation}
            .unit=${pin.unit}
            .dark=${this.dark}
          ></convscope-unit-trace>
        </div>
      </section>
    `;
  }

  render() {
    const { session, dark, pin } = this;
    if (!session) return;
    return html`
      <div class="view">
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${LESSON}></convscope-lesson>
        <convscope-model-choice
          .session=${session}
          .fixed=${this.hides("model")}
          ?hidden=${this.hides("about")}
        ></convscope-model-choice>
        <div class="network">
          <convscope-pad .session=${session} .dark=${dark} .buttons=${!this.hides("buttons")}></convscope-pad>
          <convscope-network-figure
            .session=${session}
            .dark=${dark}
            .opened=${pin}
            .scope=${"layer"}
            .weights=${false}
            @place=${this.#choose}
          ></convscope-network-figure>
          <convscope-prediction
            ?hidden=${this.hides("prediction")}
            .session=${session}
            .dark=${dark}
          ></convscope-prediction>
        </div>
        ${this.#story()}
      </div>
    `;
  }
}

customElements.define("convscope-unit", UnitView);
