import { SessionElement } from "./session-element.js";

/**
 * @typedef {{ layer: string, unit: number, row?: number, column?: number }} Place a map; `row` and `column` of the unit
 * of it that is explained
 */

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
    this.dispatchEvent(new CustomEvent("convscope-ready", { detail: {}, bubbles: true, composed: true }));
  }

  /** @param {string} control */
  hides(control) {
    return this.hide.includes(control);
  }
}
