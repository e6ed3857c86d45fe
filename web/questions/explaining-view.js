import { latest } from "../engine/latest.js";
import { problemOf } from "../session/problem.js";
import { View } from "../session/view.js";

/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("../session/session.js").Observation} Observation */

/**
 * A view that asks the model on view about the drawing, again whenever the drawing, the weights or the question change.
 *
 * @template Answer
 */
export class ExplainingView extends View {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { answer: { state: true } };

  #latest = latest((/** @type {Model} */ model, /** @type {Observation} */ observation) =>
    this.explain(model, observation),
  );

  /** What went wrong last. @type {import("../session/problem.js").Problem | undefined} */
  #problem;

  constructor() {
    super();
    /** What {@link explain} found last; undefined before and where nothing is drawn. @type {Answer | undefined} */
    this.answer = undefined;
  }

  /**
   * @abstract
   * @param {Model} _model
   * @param {Observation} _observation
   * @returns {Promise<Answer | undefined>} undefined: there is nothing to explain
   */
  async explain(_model, _observation) {
    return undefined;
  }

  firstUpdated() {
    void this.ask();
  }

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "drawing" || kind === "status") return;
    if (kind === "model") this.answer = undefined;
    this.requestUpdate();
    // Other weights make another observation, which is on its way.
    if (kind !== "settled" && kind !== "weights") void this.ask();
  }

  /** Asks anew. */
  async ask() {
    const { session } = this;
    const [model, observation] = [session?.model, session?.observation];
    if (!session || !model || !observation) {
      this.#latest.drop();
      this.answer = undefined;
      return;
    }
    try {
      const answer = await this.#latest(model, observation);
      session.over(this.#problem);
      if (answer !== undefined && model === session.model) this.answer = answer;
    } catch (error) {
      // A model that was replaced meanwhile owes no answer.
      if (model !== session.model) return;
      this.#problem = { ...problemOf(error), retry: () => void this.ask() };
      session.report(this.#problem);
    }
  }
}
