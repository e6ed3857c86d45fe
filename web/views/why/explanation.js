import { ExplainingView } from "../../questions/explaining-view.js";
import { Pace } from "../../ui/pace.js";

/** @typedef {import("../../session/session.js").Session} Session */

/**
 * What is drawn over a map as an edge: a colour picture has none.
 *
 * @param {Session} session
 * @param {import("../../session/session.js").Observation} observation
 */
export function inkOf({ inputShape: [height, width, channels] }, { image }) {
  return channels === 1 ? { values: image, width, height } : undefined;
}

/**
 * A part of a view that asks more than can be answered while the pen moves: it asks about a drawing that has come to
 * rest.
 *
 * @template Answer
 * @extends {ExplainingView<Answer>}
 */
export class Explanation extends ExplainingView {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { chosen: { attribute: false } };

  #pace = new Pace(() => void this.ask());

  constructor() {
    super();
    /** The output that is explained; the answer, if undefined. @type {number | undefined} */
    this.chosen = undefined;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#pace.stop();
  }

  /** The view around it begins with a digit. */
  firstUpdated() {
    if (this.session?.settled) void this.ask();
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    const { session } = this;
    if (kind === "model") {
      this.answer = undefined;
      this.requestUpdate();
    }
    if (kind === "settled") this.#pace.call(session?.shown?.learning ?? false);
    else if (kind === "observation" && !session?.observation) void this.ask();
  }
}
