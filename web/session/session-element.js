import { Following } from "../ui/following.js";
import { StagedElement } from "../ui/staged-element.js";
import { KINDS } from "./session.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./session.js").Kind} Kind */

/** An element that shows something of a session: set `session`, override `changed`. */
export class SessionElement extends StagedElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    session: { attribute: false },
    dark: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Session | undefined} */
    this.session = undefined;
    /** Whether canvases take the colours of the dark theme. */
    this.dark = false;
    new Following(
      this,
      KINDS,
      () => this.session,
      ({ type }) => this.changed(/** @type {Kind} */ (type)),
    );
  }

  /** @param {Kind} _kind what changed in the session */
  changed(_kind) {
    this.requestUpdate();
  }
}
