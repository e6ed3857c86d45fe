import { isDrawable } from "../data/image-size.js";
import { cannotFit } from "../training/fitted.js";
import { pageData } from "../session/page-data.js";
import { pageEngine } from "../session/page-engine.js";
import { problemOf } from "../session/problem.js";

/** @typedef {import("lit").ReactiveController} ReactiveController */
/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../data/choice.js").DataSet} DataSet */

/**
 * A reactive controller: what learns in a view, a run or a race. It is built anew whenever the view wants another; only
 * the newest wanted takes the place of the one before, which is closed. It pauses when the view leaves the page, which may
 * be only moved in it; a view that is left for good closes it.
 *
 * @template {{ pause(): Promise<unknown>, close(): Promise<unknown> }} Learning
 * @implements {ReactiveController}
 */
export class Learner {
  /** @type {Learning | undefined} */
  current;
  /** Whether another is on its way. */
  building = false;
  #host;
  /** Counts what was wanted. */
  #wanted = 0;
  /** What it has told. @type {import("../session/problem.js").Problem | undefined} */
  #problem;

  /** @param {import("../session/view.js").View} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected() {
    void this.current?.pause();
  }

  /**
   * What goes wrong is told by the view's session.
   * @param {(engine: Engine, data: DataSet) => Promise<Learning | undefined>} build ready to begin; undefined: there is
   *   nothing to learn yet
   * @param {(learning: Learning, data: DataSet) => Promise<void> | void} [taken] called when it has taken its place,
   *   before the one before is closed
   */
  async build(build, taken) {
    const wanted = ++this.#wanted;
    this.#host.session?.over(this.#problem);
    this.#become(true);
    /** @type {DataSet | undefined} */
    let data;
    try {
      const engine = await pageEngine();
      data = await pageData().ready();
      const learning = wanted === this.#wanted ? await build(engine, data) : undefined;
      if (!learning) return;
      if (wanted !== this.#wanted) return void (await learning.close());
      const before = this.current;
      this.current = learning;
      this.#host.requestUpdate();
      await taken?.(learning, data);
      await before?.close();
    } catch (error) {
      const { message, code } = problemOf(error);
      const isMade = data && !isDrawable(data.training.shape) && ["shape", "config"].includes(code);
      this.#problem = {
        message: data && isMade ? `${message} ${cannotFit(data)}` : message,
        code: "training",
        retry: () => void this.build(build, taken),
      };
      this.#host.session?.report(this.#problem);
    } finally {
      if (wanted === this.#wanted) this.#become(false);
    }
  }

  /** Nothing learns any more, and nothing is on its way. */
  async leave() {
    this.#wanted += 1;
    this.#become(false);
    const before = this.current;
    this.current = undefined;
    await before?.close();
  }

  /** @param {boolean} building */
  #become(building) {
    this.building = building;
    this.#host.requestUpdate();
  }
}
