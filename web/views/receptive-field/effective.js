import { css, html, nothing } from "lit";
import { misfit } from "../../questions/examples.js";
import { SIDE } from "../../data/image-size.js";
import { first } from "../../data/split.js";
import { latest } from "../../engine/latest.js";
import { largest } from "../../ui/heat-map.js";
import { OnScreen } from "../../ui/on-screen.js";
import { pageData } from "../../session/page-data.js";
import { pageEngine } from "../../session/page-engine.js";
import { SessionElement } from "../../session/session-element.js";
import { samePlace } from "../../session/place.js";
import { problemOf } from "../../session/problem.js";
import { base } from "../../ui/theme.js";
import { EFFECTIVE, MEASURING, measured, silent } from "./words.js";
import "../../cells/number-table.js";
import "../../cells/plane.js";
import "../../ui/legend.js";

/** @typedef {import("../../convscope.js").RemoteDataset} RemoteDataset */
/** @typedef {import("../../convscope.js").UnitPlace} UnitPlace */
/** @typedef {import("../../cells/plane.js").Window} Window */

/** Generated digits that give a first idea at once, and validation images whose gradients are averaged then. */
const [FEW, EXAMPLES] = [16, 64];
/** How long a unit has to stay on view before it is measured with all of them, in milliseconds. */
const REST = 350;
/** The share of the gradient whose pixels are counted. */
const MOST = 0.9;

/** @typedef {import("./words.js").Sample & { dataset: RemoteDataset }} Examples */

/** @returns {Promise<Examples>} */
async function generated() {
  const { Dataset, generateDigits } = await pageEngine();
  const { pixels, labels } = await generateDigits({ count: FEW, seed: 0 });
  const dataset = await new Dataset(pixels, labels, { shape: [SIDE, SIDE, 1] });
  return { dataset, count: FEW, drawn: true };
}

/** How many pixels have most of the gradient between them. @param {Float32Array} field */
function pixelsWithMost(field) {
  const sorted = field.toSorted().reverse();
  const whole = sorted.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  return sorted.findIndex((value) => (sum += value) >= MOST * whole) + 1;
}

/** How much each pixel counts for a unit, measured over examples, with the theoretical receptive field framed. */
export class EffectiveField extends SessionElement {
  static properties = {
    place: { attribute: false },
    window: { attribute: false },
    space: { attribute: false },
    field: { state: true },
    sample: { state: true },
  };

  static styles = [
    base,
    css`
      convscope-legend {
        width: 150px;
        margin-top: 6px;
      }
      .waiting {
        opacity: 0.45;
      }
    `,
  ];

  #screen = new OnScreen(this);
  #data = pageData();
  /** @type {Promise<Examples> | undefined} */
  #few;
  /** @type {Promise<Examples> | undefined} */
  #examples;
  #rest = 0;
  /** What it has told. @type {import("../../session/problem.js").Problem | undefined} */
  #problem;
  /** What is measured, or about to be. @type {UnitPlace | undefined} */
  #wanted;
  #measure = latest((/** @type {UnitPlace} */ place, /** @type {Examples} */ examples) => this.#ask(place, examples));

  constructor() {
    super();
    /** @type {UnitPlace | undefined} */
    this.place = undefined;
    /** The theoretical receptive field on the drawing. @type {Window | undefined} */
    this.window = undefined;
    /** CSS pixels that the map may take. */
    this.space = 196;
    /** Mean absolute gradients, once they are known for the unit on view. @type {Float32Array | undefined} */
    this.field = undefined;
    /** What they are the mean over. @type {Examples | undefined} */
    this.sample = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#data.addEventListener("change", this.#exchange);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#data.removeEventListener("change", this.#exchange);
    this.#forget();
    void this.#few?.then(({ dataset }) => dataset.free()).catch(() => {});
    this.#few = undefined;
  }

  /** Gives the examples back; what is on view is measured anew with others. */
  #forget() {
    clearTimeout(this.#rest);
    this.session?.over(this.#problem);
    this.#wanted = undefined;
    void this.#examples?.then(({ dataset }) => dataset.free()).catch(() => {});
    this.#examples = undefined;
    this.requestUpdate();
  }

  /** Data that could not be loaded would fail again at once: it waits until it is asked for. */
  #exchange = () => {
    if (this.#data.current) this.#forget();
  };

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind !== "model" && kind !== "weights") return;
    this.#wanted = undefined;
    this.requestUpdate();
  }

  updated() {
    const { place } = this;
    if (!place || !this.isConnected || !this.#screen.visible || samePlace(place, this.#wanted)) return;
    this.#wanted = place;
    this.field = this.sample = undefined;
    clearTimeout(this.#rest);
    if (this.session?.paper.draws) void this.#begin(place, (this.#few ??= generated()));
    this.#rest = setTimeout(() => void this.#begin(place, (this.#examples ??= this.#load())), REST);
  }

  /** @param {UnitPlace} place @param {Promise<Examples>} loading */
  async #begin(place, loading) {
    try {
      const examples = await loading;
      if (place !== this.#wanted) return;
      const field = await this.#measure(place, examples);
      // The first idea may come late.
      if (!field || place !== this.#wanted || (this.sample && examples.drawn)) return;
      this.field = field;
      this.sample = examples;
    } catch (error) {
      if (place !== this.#wanted) return;
      this.#problem = { ...problemOf(error), retry: () => this.#forget() };
      this.session?.report(this.#problem);
    }
  }

  /** @param {UnitPlace} place @param {Examples} examples */
  async #ask(place, { dataset, count }) {
    const indices = Uint32Array.from({ length: count }, (_, index) => index);
    return this.session?.model?.effectiveReceptiveField(dataset, indices, place);
  }

  /** @returns {Promise<Examples>} */
  async #load() {
    const [{ Dataset }, { title, validation }] = await Promise.all([pageEngine(), this.#data.ready()]);
    const wrong = misfit(this.session, { title, shape: validation.shape });
    if (wrong) throw new Error(wrong);
    const { pixels, labels, shape } = first(validation, EXAMPLES);
    const dataset = await new Dataset(pixels.slice(), labels.slice(), { shape });
    return { dataset, count: labels.length, drawn: false };
  }

  /** Pixels of the drawing. */
  get #size() {
    return this.session?.inputSize ?? [SIDE, SIDE];
  }

  /** @param {Float32Array} field @param {Examples} sample */
  #words(field, sample) {
    if (field.every((value) => value === 0)) return silent(sample);
    const [rows, columns] = this.#size;
    const { height, width } = this.window ?? { height: rows, width: columns };
    return measured(sample, { most: pixelsWithMost(field), all: height * width, share: MOST });
  }

  render() {
    const { field, sample, dark } = this;
    const [height, width] = this.#size;
    const dead = field?.every((value) => value === 0);
    const values = field ?? new Float32Array(height * width);
    return html`
      <convscope-plane
        class=${field ? "" : "waiting"}
        .values=${values}
        .width=${width}
        .height=${height}
        .meaning=${"activation"}
        .limit=${largest(values)}
        .space=${this.space}
        .window=${this.window}
        .label=${EFFECTIVE}
        .dark=${dark}
      ></convscope-plane>
      <convscope-legend
        .meaning=${"activation"}
        .limit=${field && !dead ? largest(field) : undefined}
        .dark=${dark}
      ></convscope-legend>
      <p class="small quiet">${field && sample ? this.#words(field, sample) : MEASURING}</p>
      ${
        field
          ? html`<convscope-number-table
              .values=${field}
              .width=${width}
              .height=${height}
              .label=${"Effective receptive field"}
            ></convscope-number-table>`
          : nothing
      }
    `;
  }
}

customElements.define("convscope-effective-field", EffectiveField);
