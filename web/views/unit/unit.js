import { css, html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { ExplainingView } from "../../questions/explaining-view.js";
import { Stepper } from "../../ui/stepper.js";
import { changesOf, editWeights, resetEdits, undoEdit } from "./weight-edits.js";
import { range } from "../../ui/heat-map.js";
import { planeOf, strongestPlace } from "../../session/layers.js";
import { samePlace } from "../../session/place.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { mapName } from "../../lens/words.js";
import { KERNELS, knownKernel, withKernel } from "./unit-kernel.js";
import * as words from "./words.js";
import "../../ui/lesson.js";
import "../../cells/number-table.js";
import "../../cells/plane.js";
import "./unit-trace.js";
import "../../lens/unit-channels.js";
import "../../lens/unit-sum.js";
import "../../network/model-choice.js";
import "../../network/network-figure.js";
import "../../network/pad.js";
import "../../network/prediction.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../convscope.js").UnitArithmetic} UnitArithmetic */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../session/view.js").Place} Place */
/** @typedef {{ layer: string, unit: number, row: number, column: number }} Pin the unit that is explained */

/** Between two steps while a map is filled, and what the whole takes at most, in milliseconds. */
const FILL_PACE = 90;
const FILL_TIME = 6000;

/**
 * One unit of a network down to each multiply and add.
 * @extends {ExplainingView<UnitArithmetic>}
 */
export class UnitView extends ExplainingView {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { filled: { state: true } };

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
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
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
        justify-content: space-between;
      }
      .parts {
        display: grid;
        grid-template-columns: 232px minmax(0, 1fr);
        align-items: start;
        gap: 16px 32px;
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
      .result {
        display: grid;
        gap: 12px;
      }
      .trace {
        padding-top: 12px;
        border-top: 1px solid var(--hairline);
      }
      .kernel {
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
        .parts {
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

  /** @param {Told<"weight">} event */
  #edit({ detail: { channel, cell, value } }) {
    const { session, column, pin } = this;
    if (!session || !column?.bank || !pin) return;
    void editWeights(session, column.bank, column.bank.index(pin.unit, channel, cell), Float32Array.of(value), pin);
  }

  /** @param {Event} event */
  #preset({ target }) {
    const { session, column, pin } = this;
    const { value } = /** @type {HTMLSelectElement} */ (target);
    if (!session || !column?.bank || !pin || !value) return;
    void editWeights(session, column.bank, 0, withKernel(column.bank, pin.unit, value), pin);
  }

  #controls() {
    const { session, column } = this;
    if (!session || !column || this.hides("controls")) return nothing;
    const cells = column.width * column.height;
    const changes = changesOf(session);
    const preset = column.bank && this.pin ? knownKernel(column.bank, this.pin.unit) : "";
    const own = changes.some(({ layer, unit }) => layer === column.name && unit === this.pin?.unit);
    return html`<div class="controls">
      <button ?hidden=${cells === 1} @click=${() => this.#fill()}>
        ${this.#stepper.running ? "Pause" : "Fill the map"}
      </button>
      <span class="kernel" ?hidden=${!column.bank || column.bank.width === 1}>
        <label for="kernel">Kernel</label>
        <select id="kernel" @change=${this.#preset} .value=${live(preset)}>
          <option value="" ?disabled=${preset !== ""} ?selected=${preset === ""}>
            ${own ? words.BY_HAND : words.AS_TRAINED}
          </option>
          ${KERNELS.map(
            ({ name, title }) => html`<option value=${name} ?selected=${preset === name}>${title}</option>`,
          )}
        </select>
      </span>
      <button ?disabled=${changes.length === 0} @click=${() => undoEdit(session)}>Undo change</button>
      <button ?disabled=${changes.length === 0} @click=${() => resetEdits(session)}>Reset weights</button>
      <button @click=${() => this.pin && tell(this, "view", { view: "playground", place: this.pin })}>
        ${words.IN_NETWORK}
      </button>
    </div>`;
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
        .label=${words.mapLabel(column, pin.unit)}
        .dark=${this.dark}
        @cell=${(/** @type {Told<"cell">} */ { detail }) => {
          this.#stopFilling();
          this.#pin(detail);
        }}
      ></convscope-plane>
      <p class="quiet small">${words.ITS_MAP}</p>
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
    if (!story || !pin || !column || !source) return html`<p class="quiet">${words.NOTHING_DRAWN}</p>`;
    const changes = session ? changesOf(session) : [];
    return html`
      <section class="story" aria-label="Arithmetic of the unit">
        <header>
          <h2>${words.unitTitle(column, pin)}</h2>
          ${this.#controls()}
        </header>
        <p class="changed" ?hidden=${changes.length === 0}>${words.changedWords(changes, columns)}</p>
        <div class="parts">
          <div class="result">
            ${this.#map(pin, column)}
            <convscope-unit-sum
              .story=${story}
              .names=${Array.from(story.channels, (channel) => mapName(source, channel))}
              .unit=${pin.unit}
            ></convscope-unit-sum>
          </div>
          <convscope-unit-channels
            .story=${story}
            .columns=${columns}
            .layer=${column.name}
            .observation=${session?.observation}
            .editable=${!this.hides("controls")}
            .dark=${this.dark}
            @weight=${this.#edit}
          ></convscope-unit-channels>
        </div>
        <div class="trace">
          <h3>${words.TRACE_TITLE}</h3>
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
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${words.LESSON}></convscope-lesson>
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
