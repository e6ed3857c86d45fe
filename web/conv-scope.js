import { LitElement, css, html } from "lit";
import { cellOf, digitOf, seedOf, shiftOf, wholeOf } from "./attributes.js";
import { BLANK, packStrokes, shifted, unpackStrokes } from "./session/drawing.js";
import { nextTask } from "./ui/next-task.js";
import { KINDS, sessionOf } from "./session/session.js";
import { base, tokens } from "./ui/theme.js";
import { FIRST_VIEW, viewNamed } from "./views.js";
import "./session/problem-line.js";

/** @import { Told } from "./ui/events.js" */
/** @import * as Public from "./convscope.js" */
/** @typedef {import("./session/session.js").Session} Session */
/** @typedef {import("./session/session.js").Kind} Kind */
/** @typedef {import("./session/view.js").Place} Place */
/** @typedef {import("./session/view.js").View} View */

/** The attributes, which are also the keys of an address. */
export const KEYS = /** @type {const} */ ([
  "view",
  "model",
  "weights",
  "digit",
  "layer",
  "unit",
  "cell",
  "hide",
  "theme",
  "seed",
  "group",
  "strokes",
  "shift",
]);
/** @typedef {typeof KEYS[number]} Key */

/**
 * One view of a network. Views of one `group` share the model and the drawing.
 *
 * Its attributes and its events are those of convscope.d.ts.
 *
 * @implements {Public.ConvScopeElement}
 */
export class ConvScope extends LitElement {
  static properties = Object.fromEntries(KEYS.map((key) => [key, { type: String, reflect: key === "theme" }]));

  static styles = [
    tokens,
    base,
    css`
      :host {
        background: var(--paper);
      }
      :host([theme="light"]) {
        color-scheme: light;
      }
      :host([theme="dark"]) {
        color-scheme: dark;
      }
    `,
  ];

  /** @type {Session | undefined} */
  #session;
  /** @type {View | undefined} */
  #view;
  /** @type {Place | undefined} the map that is enlarged */
  #place;
  #preference = matchMedia("(prefers-color-scheme: dark)");
  #onScreen = new IntersectionObserver((entries) => this.#watch(entries[entries.length - 1].isIntersecting));
  #stopWatching = () => {};

  constructor() {
    super();
    /** @type {string | undefined} a name of views.js */
    this.view = undefined;
    /** @type {string | undefined} a name of the catalogue */
    this.model = undefined;
    /** @type {string | undefined} address of a safetensors file, relative to the page */
    this.weights = undefined;
    /** @type {string | undefined} a generated digit to begin with, "0" to "9" */
    this.digit = undefined;
    /** @type {string | undefined} the only layer to show, or, with `unit`, the layer of the enlarged map */
    this.layer = undefined;
    /** @type {string | undefined} the enlarged map, from 0 */
    this.unit = undefined;
    /** @type {string | undefined} "row,column" of the unit of that map that is explained, from 0 */
    this.cell = undefined;
    /**
     * What to leave out, with commas: about, buttons, controls, input, model, prediction, scope, weights.
     * @type {string | undefined}
     */
    this.hide = undefined;
    /** @type {string | undefined} "light" or "dark"; otherwise as the page */
    this.theme = undefined;
    /** @type {string | undefined} of the generated digit */
    this.seed = undefined;
    /** @type {string | undefined} views of one group share a session */
    this.group = undefined;
    /** @type {string | undefined} a drawing to begin with, as {@link ConvScope.state} packs it */
    this.strokes = undefined;
    /** @type {string | undefined} "right,down" in pixels of the network's input */
    this.shift = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#listen(true);
    this.#preference.addEventListener("change", this.#recolour);
    this.#onScreen.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#listen(false);
    this.#preference.removeEventListener("change", this.#recolour);
    this.#onScreen.disconnect();
    this.#watch(false);
  }

  /** What it takes to show the same again, by attribute. @returns {Partial<Record<Key, string>>} */
  get state() {
    const drawing = this.#session?.paper.whole;
    const { view, weights, hide, theme, seed, group } = this;
    const state = {
      view,
      weights,
      hide,
      theme,
      seed,
      group,
      model: this.#session?.shown?.name ?? this.model,
      layer: this.#place?.layer ?? (view === "feature-maps" || !this.unit ? this.layer : undefined),
      unit: this.#place && String(this.#place.unit),
      cell: this.#place?.row === undefined ? undefined : `${this.#place.row},${this.#place.column}`,
      strokes: drawing && packStrokes(drawing.strokes),
      shift: drawing?.shift.some((steps) => steps !== 0) ? drawing.shift.join() : undefined,
    };
    return Object.fromEntries(Object.entries(state).filter(([, value]) => value));
  }

  /** @param {boolean} visible */
  #watch(visible) {
    this.#stopWatching();
    this.#stopWatching = visible ? (this.#session?.addViewer() ?? (() => {})) : () => {};
  }

  #recolour = () => this.requestUpdate();

  get #dark() {
    const scheme = getComputedStyle(this).colorScheme;
    return scheme.includes("dark") && (!scheme.includes("light") || this.#preference.matches);
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (!this.#session || changes.has("group")) this.#join();
    const session = /** @type {Session} */ (this.#session);
    if (changes.has("layer") || changes.has("unit") || changes.has("cell")) {
      const unit = wholeOf(this.unit);
      this.#place = this.layer && unit !== undefined ? { layer: this.layer, unit, ...cellOf(this.cell) } : undefined;
      this.#checkPlace();
    }
    if (changes.has("strokes") || changes.has("shift")) {
      const strokes = unpackStrokes(this.strokes ?? "");
      if (strokes.length) session.paper.replace(shifted({ ...BLANK, strokes }, ...shiftOf(this.shift)));
    } else if (changes.has("digit") || changes.has("seed")) {
      const digit = digitOf(this.digit);
      if (digit !== undefined) void session.paper.sample(digit, seedOf(this.seed));
    }
    if (!viewOf(this.view).withoutModel) {
      const returns = viewOf(changes.get("view")).withoutModel;
      const named = returns || changes.has("model") || changes.has("weights");
      if (this.model || this.weights ? named : !session.shown && !session.loading) {
        void session.open({ name: this.model, weights: this.weights });
      }
    }
    if (changes.has("view")) void this.#load();
  }

  /** Forgets the enlarged map if the model on view has no such map. */
  #checkPlace() {
    const shown = this.#session?.shown;
    const column = shown?.columns.find(({ name }) => name === this.#place?.layer);
    if (shown && !(column && this.#place && this.#place.unit < column.count)) this.#place = undefined;
  }

  /** @param {boolean} on */
  #listen(on) {
    for (const kind of KINDS) {
      if (on) this.#session?.addEventListener(kind, this);
      else this.#session?.removeEventListener(kind, this);
    }
  }

  #join() {
    this.#watch(false);
    this.#listen(false);
    this.#session = sessionOf(this.group);
    this.#listen(true);
    this.#onScreen.unobserve(this);
    this.#onScreen.observe(this);
  }

  async #load() {
    const view = viewOf(this.view);
    try {
      await view.load();
      // Running the view's code and drawing it for the first time shall not be one long task.
      await nextTask();
    } catch (error) {
      this.#session?.report({
        message: `The view could not be loaded (${error}). Reload the page to try again.`,
        code: "load",
      });
      return;
    }
    // Another may have been asked for meanwhile.
    if (view !== viewOf(this.view)) return;
    const before = this.#view;
    this.#view = /** @type {View} */ (document.createElement(`convscope-${view.name}`));
    this.#begin();
    this.requestUpdate();
    if (!before) return;
    before.leave();
    this.#tell("convscope-change", {});
  }

  /** A view of a network never stands empty. */
  #begin() {
    if (this.#view && this.#session?.shown && !viewOf(this.view).withoutModel) this.#session.paper.begin();
  }

  /** @param {Event} event of the session */
  handleEvent({ type }) {
    const session = /** @type {Session} */ (this.#session);
    switch (/** @type {Kind} */ (type)) {
      case "model":
        this.#checkPlace();
        this.#begin();
        this.requestUpdate();
        this.#tell("convscope-ready", {});
        return this.#tell("convscope-change", {});
      case "drawing":
        return session.paper.penDown ? undefined : this.#tell("convscope-change", {});
      case "observation": {
        if (!session.observation) return undefined;
        const { digit, probabilities } = session.observation;
        return this.#tell("convscope-prediction", { digit, probabilities });
      }
      case "status":
        return (
          session.problem &&
          this.#tell("convscope-error", { message: session.problem.message, code: session.problem.code })
        );
    }
  }

  /** @template {keyof Public.ConvScopeEvents} Name @param {Name} name @param {Public.ConvScopeEvents[Name]} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** @param {Told<"place">} event of the view */
  #open({ detail }) {
    this.#place = detail;
    this.requestUpdate();
    this.#tell("convscope-change", {});
  }

  /** @param {Told<"view">} event of the view */
  #change({ detail: { view, place } }) {
    this.#place = place;
    this.view = view;
  }

  updated() {
    if (!this.#view) return;
    Object.assign(this.#view, {
      session: this.#session,
      dark: this.#dark,
      hide: (this.hide ?? "").split(",").map((name) => name.trim()),
      layer: this.layer,
      place: this.#place,
    });
  }

  render() {
    return html`
      <convscope-problem .session=${this.#session}></convscope-problem>
      <div
        @place=${this.#open}
        @view=${this.#change}
        @ready=${() => this.#tell("convscope-ready", {})}
        @epoch=${(/** @type {Told<"epoch">} */ { detail }) => this.#tell("convscope-epoch", detail)}
      >
        ${this.#view}
      </div>
    `;
  }
}

/** @param {string | undefined} name one that there is no view of gives the first view */
const viewOf = (name) => viewNamed(name) ?? FIRST_VIEW;

customElements.define("conv-scope", ConvScope);
