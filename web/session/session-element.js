import { Following } from "./following.js";
import { KINDS } from "./session.js";
import { StagedElement } from "../ui/staged-element.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./session.js").Kind} Kind */

/** An element that shows something of a session: set `session`, override `changed`. */
export class SessionElement extends StagedElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    session: { attribute: false },
    dark: { attribute: false },
  };

  #following = new Following(this, KINDS);

  constructor() {
    super();
    /** @type {Session | undefined} */
    this.session = undefined;
    /** Whether canvases take the colours of the dark theme. */
    this.dark = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#following.follow(this.session);
  }

  /** @param {import("lit").PropertyValues} _changes */
  willUpdate(_changes) {
    if (this.isConnected) this.#following.follow(this.session);
  }

  /** @param {Event} event */
  handleEvent(event) {
    this.changed(/** @type {Kind} */ (event.type));
  }

  /** @param {Kind} _kind what changed in the session */
  changed(_kind) {
    this.requestUpdate();
  }
}
