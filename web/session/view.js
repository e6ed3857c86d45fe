import { SessionElement } from "./session-element.js";
import { tell } from "../ui/events.js";

/** @typedef {import("../ui/events.js").Place} Place */

/** What every view of `<conv-scope>` is given. */
export class View extends SessionElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    hide: { attribute: false },
    layer: { attribute: false },
    place: { attribute: false },
  };

  constructor() {
    super();
    /** @type {string[]} names of controls that are left out */
    this.hide = [];
    /** @type {string | undefined} the layer that the view is about */
    this.layer = undefined;
    /** @type {Place | undefined} the map that is enlarged */
    this.place = undefined;
  }

  /** Says that a view without a model is drawn. */
  tellReady() {
    tell(this, "ready");
  }

  /** Another view has taken its place for good: it gives back what it holds in the engine. */
  leave() {}

  /** @param {string} control */
  hides(control) {
    return this.hide.includes(control);
  }
}
