import { html } from "lit";
import { View } from "./view.js";
import "./map-detail.js";
import "./network-figure.js";
import "./scope-choice.js";

/** @typedef {import("./network-figure.js").NetworkFigure} NetworkFigure */
/** @typedef {import("./network-figure.js").Place} Place */

/** A view with the network's columns, of whose maps one can be enlarged below. */
export class NetworkView extends View {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { scope: { state: true } };

  constructor() {
    super();
    /** @type {import("./layer-column.js").Scope} */
    this.scope = "layer";
  }

  /** @param {Place | undefined} place */
  show(place) {
    this.dispatchEvent(new CustomEvent("convscope-place", { detail: place, bubbles: true, composed: true }));
  }

  #close() {
    const { place } = this;
    this.show(undefined);
    const figure = /** @type {NetworkFigure | null} */ (this.renderRoot.querySelector("convscope-network-figure"));
    if (place) figure?.focusPlace(place);
  }

  /** @param {KeyboardEvent} event */
  closeOnEscape = (event) => {
    if (event.key === "Escape" && this.place) this.#close();
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
    ></convscope-network-figure>`;
  }

  detail() {
    const columns = this.session?.shown?.columns ?? [];
    const index = columns.findIndex(({ name }) => name === this.place?.layer);
    return html`<convscope-map-detail
      ?hidden=${index < 0}
      .session=${this.session}
      .dark=${this.dark}
      .column=${columns[index]}
      .source=${columns[index - 1]}
      .unit=${this.place?.unit ?? 0}
      @convscope-close=${this.#close}
    ></convscope-map-detail>`;
  }
}
