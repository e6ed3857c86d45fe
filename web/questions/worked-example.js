import { latest } from "../engine/latest.js";
import { problemOf } from "../session/problem.js";
import { View } from "../session/view.js";

/**
 * A view with small models of its own instead of the session's: it asks them at every change of what is set.
 *
 * @template Answer
 */
export class WorkedExample extends View {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { answer: { state: true } };

  #latest = latest(() => this.work());
  #told = false;
  /** What went wrong last. @type {import("../session/problem.js").Problem | undefined} */
  #problem;
  /** Those that are freed when the view leaves. @type {import("./own-model.js").OwnModel[]} */
  models = [];

  constructor() {
    super();
    /** What {@link work} found last. @type {Answer | undefined} */
    this.answer = undefined;
  }

  /**
   * @abstract
   * @returns {Promise<Answer>}
   */
  async work() {
    throw new Error("a worked example works something out");
  }

  connectedCallback() {
    super.connectedCallback();
    void this.ask();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#latest.drop();
    for (const model of this.models) model.free();
  }

  /** What the session holds is not on view. */
  changed() {}

  /** Asks anew. */
  async ask() {
    if (!this.isConnected) return;
    try {
      const answer = await this.#latest();
      this.session?.over(this.#problem);
      if (answer !== undefined && this.isConnected) this.answer = answer;
    } catch (error) {
      if (!this.isConnected) return;
      this.#problem = { ...problemOf(error), retry: () => void this.ask() };
      this.session?.report(this.#problem);
    }
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    super.updated(changes);
    if (this.#told || !this.answer) return;
    this.#told = true;
    this.tellReady();
  }
}
