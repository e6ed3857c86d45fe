import { css, html, nothing } from "lit";
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
import "../../cells/number-table.js";
import "../../cells/plane.js";
import "../../ui/legend.js";

/** @typedef {import("../../convscope.js").RemoteDataset} RemoteDataset */
/** @typedef {import("../../convscope.js").UnitPlace} UnitPlace */
/** @typedef {import("../../cells/plane.js").Window} Window */

/** Validation images whose gradients are averaged. */
const EXAMPLES = 64;
/** How long a unit has to stay on view before it is measured, in milliseconds. */
const REST = 350;

/** How much each pixel counts for a unit, measured over examples, with the theoretical receptive field framed. */
export class EffectiveField extends SessionElement {
  static properties = {
    place: { attribute: false },
    window: { attribute: false },
    side: { attribute: false },
    space: { attribute: false },
    field: { state: true },
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
  /** @type {Promise<RemoteDataset> | undefined} */
  #examples;
  #rest = 0;
  /** What is measured, or about to be. @type {UnitPlace | undefined} */
  #wanted;
  #measure = latest((/** @type {UnitPlace} */ place) => this.#ask(place));

  constructor() {
    super();
    /** @type {UnitPlace | undefined} */
    this.place = undefined;
    /** The theoretical receptive field on the drawing. @type {Window | undefined} */
    this.window = undefined;
    /** Pixels along a side of the drawing. */
    this.side = SIDE;
    /** CSS pixels that the map may take. */
    this.space = 196;
    /** Mean absolute gradients, once they are known for the unit on view. @type {Float32Array | undefined} */
    this.field = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#data.addEventListener("change", this.#forget);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#data.removeEventListener("change", this.#forget);
    this.#forget();
  }

  /** Gives the examples back; what is on view is measured anew with others. */
  #forget = () => {
    clearTimeout(this.#rest);
    this.#wanted = undefined;
    void this.#examples?.then((examples) => examples.free()).catch(() => {});
    this.#examples = undefined;
    this.requestUpdate();
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
    this.field = undefined;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#begin(place), REST);
  }

  /** @param {UnitPlace} place */
  async #begin(place) {
    try {
      const field = await this.#measure(place);
      if (field && place === this.#wanted) this.field = field;
    } catch (error) {
      if (place === this.#wanted) this.session?.report({ ...problemOf(error), retry: () => void this.#begin(place) });
    }
  }

  /** @param {UnitPlace} place */
  async #ask(place) {
    this.#examples ??= this.#load();
    const examples = await this.#examples;
    return this.session?.model?.effectiveReceptiveField(
      examples,
      Uint32Array.from({ length: EXAMPLES }, (_, index) => index),
      place,
    );
  }

  async #load() {
    const [{ Dataset }, { validation }] = await Promise.all([pageEngine(), this.#data.ready()]);
    const { pixels, labels, shape } = first(validation, EXAMPLES);
    return new Dataset(pixels.slice(), labels.slice(), { shape });
  }

  render() {
    const { side, field, dark } = this;
    const silent = field?.every((value) => value === 0);
    const values = field ?? new Float32Array(side * side);
    return html`
      <convscope-plane
        class=${field ? "" : "waiting"}
        .values=${values}
        .width=${side}
        .height=${side}
        .meaning=${"activation"}
        .limit=${largest(values)}
        .space=${this.space}
        .window=${this.window}
        .label=${"Effective receptive field, with the theoretical one framed"}
        .dark=${dark}
      ></convscope-plane>
      <convscope-legend
        .meaning=${"activation"}
        .limit=${field && !silent ? largest(field) : undefined}
        .dark=${dark}
      ></convscope-legend>
      <p class="small quiet">
        ${field ? (silent ? "None of the examples moves this unit here: its ReLU is shut." : `mean |gradient| over ${EXAMPLES} validation images`) : "measuring…"}
      </p>
      ${
        field
          ? html`<convscope-number-table
              .values=${field}
              .width=${side}
              .height=${side}
              .label=${"Effective receptive field"}
            ></convscope-number-table>`
          : nothing
      }
    `;
  }
}

customElements.define("convscope-effective-field", EffectiveField);
