import { LitElement } from "lit";
import { RACE_EVENTS } from "../training/race.js";
import { Following } from "../session/following.js";

/** @typedef {import("../training/race.js").Race} Race */

/** How often a race is followed while it moves, in milliseconds. */
const SHOWN_EVERY = 150;

/** An element that shows something of a race: set `race`. */
export class RaceElement extends LitElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { race: { attribute: false }, dark: { attribute: false } };

  #following = new Following(this, RACE_EVENTS);
  #shownAt = 0;

  constructor() {
    super();
    /** @type {Race | undefined} */
    this.race = undefined;
    /** Whether canvases take the colours of the dark theme. */
    this.dark = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#following.follow(this.race);
  }

  /** @param {import("lit").PropertyValues} _changes */
  willUpdate(_changes) {
    if (this.isConnected) this.#following.follow(this.race);
  }

  /** @param {Event} event */
  handleEvent({ type }) {
    if (type === "progress" && performance.now() - this.#shownAt < SHOWN_EVERY) return;
    this.#shownAt = performance.now();
    this.requestUpdate();
  }
}
