import { html } from "lit";
import { View } from "../session/view.js";
import { tell, tellOn } from "../ui/events.js";
import "./network-figure.js";
import "./scope-choice.js";

/** @import { Told } from "../ui/events.js" */
/** @typedef {import("./network-figure.js").NetworkFigure} NetworkFigure */
/** @typedef {import("../session/view.js").Place} Place */

/** A view with the network's columns, of whose maps one can be seen through a lens. */
export class NetworkView extends View {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { scope: { state: true } };

  /** Someone has just opened a map here, whose lens then comes into view; one that a link opens doesn't. */
  #opens = false;

  constructor() {
    super();
    /** @type {import("./layer-column.js").Scope} */
    this.scope = "layer";
  }

  updated() {
    if (!this.#opens || !this.place) return;
    this.#opens = false;
    void this.#figure?.showLens();
  }

  get #figure() {
    return /** @type {NetworkFigure | null} */ (this.renderRoot.querySelector("convscope-network-figure"));
  }

  /** @param {Place | undefined} place */
  show(place) {
    this.#opens = !this.place && place !== undefined;
    tell(this, "place", place);
  }

  async #close() {
    const { place } = this;
    this.show(undefined);
    // Before the focus goes back: a map that gets it while one is open opens too.
    this.place = undefined;
    await this.updateComplete;
    if (place) this.focusPlace(place);
  }

  /** @param {Place} place */
  focusPlace(place) {
    this.#figure?.focusPlace(place);
  }

  /** @param {number} unit of the last layer @returns {DOMRect | undefined} where the answer shows it */
  outputRect = (unit) =>
    /** @type {import("./prediction.js").Prediction | null} */ (
      this.renderRoot.querySelector("convscope-prediction")
    )?.rectOf(unit);

  /** @param {KeyboardEvent} event */
  closeOnEscape = (event) => {
    if (event.key === "Escape" && this.place) void this.#close();
  };

  scopeChoice() {
    return html`<convscope-scope-choice
      ?hidden=${this.hides("scope")}
      .scope=${this.scope}
      @change=${(/** @type {Event} */ { target }) =>
        (this.scope = /** @type {import("./scope-choice.js").ScopeChoice} */ (target).scope)}
    ></convscope-scope-choice>`;
  }

  /** @param {{ only?: string, weights: boolean }} options `only`: the layer to show, if not all */
  figure({ only, weights }) {
    return html`<convscope-network-figure
      .session=${this.session}
      .dark=${this.dark}
      .only=${only}
      .opened=${this.place}
      .scope=${this.scope}
      .weights=${weights}
      .lens=${true}
      .outputRect=${this.outputRect}
      @close=${this.#close}
      @view=${tellOn(this)}
      @place=${(/** @type {Told<"place">} */ { detail }) => this.show(detail)}
    ></convscope-network-figure>`;
  }
}
