import { html } from "lit";
import { View } from "../session/view.js";
import { tell } from "../ui/events.js";
import "./network-figure.js";
import "./scope-choice.js";

/** @import { Told } from "../ui/events.js" */
/** @typedef {import("./map-detail.js").MapDetail} MapDetail */
/** @typedef {import("./network-figure.js").NetworkFigure} NetworkFigure */
/** @typedef {import("../session/view.js").Place} Place */

/** A view with the network's columns, of whose maps one can be enlarged below. */
export class NetworkView extends View {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { scope: { state: true } };

  /** Someone has just opened a map here, which then comes into view; one that a link opens doesn't. */
  #opens = false;

  constructor() {
    super();
    /** @type {import("./layer-column.js").Scope} */
    this.scope = "layer";
  }

  updated() {
    if (this.place) void this.#detail();
  }

  /** What is not needed before a map is opened loads then. */
  async #detail() {
    const opens = this.#opens;
    this.#opens = false;
    await import("./map-detail.js");
    if (!opens) return;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    const detail = /** @type {MapDetail | null} */ (this.renderRoot.querySelector("convscope-map-detail"));
    await detail?.updateComplete;
    detail?.scrollIntoView({ block: "nearest", behavior });
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
    const figure = /** @type {NetworkFigure | null} */ (this.renderRoot.querySelector("convscope-network-figure"));
    figure?.focusPlace(place);
  }

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
      @place=${(/** @type {Told<"place">} */ { detail }) => this.show(detail)}
    ></convscope-network-figure>`;
  }

  detail() {
    const columns = this.session?.shown?.columns ?? [];
    return html`<convscope-map-detail
      ?hidden=${!columns.some(({ name }) => name === this.place?.layer)}
      .session=${this.session}
      .dark=${this.dark}
      .layer=${this.place?.layer}
      .unit=${this.place?.unit ?? 0}
      @close=${this.#close}
    ></convscope-map-detail>`;
  }
}
