import { LitElement } from "lit";
import { RUN_EVENTS } from "../../training/run.js";
import { Following } from "../../session/following.js";
import { nextTask } from "../../ui/next-task.js";

/** @typedef {import("../../training/run.js").Run} Run */

/** An element that shows something of a run: set `run`. */
export class RunElement extends LitElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { run: { attribute: false }, dark: { attribute: false } };

  #following = new Following(this, RUN_EVENTS);

  constructor() {
    super();
    /** @type {Run | undefined} */
    this.run = undefined;
    /** Whether canvases take the colours of the dark theme. */
    this.dark = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#following.follow(this.run);
  }

  /** @param {import("lit").PropertyValues} _changes */
  willUpdate(_changes) {
    if (this.isConnected) this.#following.follow(this.run);
  }

  async scheduleUpdate() {
    await nextTask();
    super.scheduleUpdate();
  }

  handleEvent() {
    this.requestUpdate();
  }
}
