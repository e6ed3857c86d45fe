import { css, html, nothing } from "lit";
import { fitted } from "../../training/fitted.js";
import { first } from "../../data/split.js";
import { errorsOver, frameAround, planeThrough, weightsAt } from "../../training/plane.js";
import { Run } from "../../training/run.js";
import { CROSS_ENTROPY } from "../../runs/losses.js";
import { OPTIMIZERS, kerasOptimizer, optimizerNamed } from "../../runs/optimizers.js";
import { pageData } from "../../session/page-data.js";
import { pageEngine } from "../../session/page-engine.js";
import { SessionElement } from "../../session/session-element.js";
import { problemOf } from "../../session/problem.js";
import { base } from "../../ui/theme.js";
import { percent } from "../../ui/numbers.js";
// Small, so that its error can be measured at a thousand places in a few seconds.
import network from "./network.json";
import { NETWORK } from "./words.js";
import "./surface-plot.js";

/** @typedef {import("../../training/plane.js").Plane} Plane */
/** @typedef {import("./surface-plot.js").Frame} Frame */
/** @typedef {import("../../convscope.js").RemoteModel} Model */

const DIGITS = 2000;
const EPOCHS = 6;
/** Digits whose error is drawn, the same ones at every place. */
const MEASURED = 128;
const BATCH_SIZE = 32;
/** Examples that are learnt from one point of the path to the next. */
const BETWEEN = 400;
/** A network is trained, and its path is drawn on the plane through its weights in which it lies best. */
export class WeightPlane extends SessionElement {
  static properties = {
    hide: { attribute: false },
    optimizerName: { state: true },
    rate: { state: true },
    status: { state: true },
    busy: { state: true },
    frame: { state: true },
    grid: { state: true },
    path: { state: true },
    explained: { state: true },
  };

  static styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 620px) minmax(280px, 1fr);
        gap: 8px 28px;
        align-items: start;
      }
      .side,
      .buttons {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
      }
      .side > :not(label) {
        flex: 1 1 100%;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      input {
        width: 8ch;
        min-height: 28px;
        border: 1px solid var(--hairline);
        border-radius: 3px;
        background: var(--paper);
        color: inherit;
        font: inherit;
        text-align: right;
      }
      .empty {
        padding: 25% 24px;
        border: 1px solid var(--hairline);
        text-align: center;
      }
      @media (max-width: 720px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  /** Ends what an earlier "Train" has begun. */
  #stop = new AbortController();

  constructor() {
    super();
    /** @type {string[]} names of controls that are left out */
    this.hide = [];
    this.optimizerName = "adam";
    this.rate = optimizerNamed("adam").rates.plane;
    this.status = "";
    this.busy = false;
    /** @type {Frame | undefined} */
    this.frame = undefined;
    /** @type {import("./surface-plot.js").Grid | undefined} */
    this.grid = undefined;
    /** @type {import("./surface-plot.js").Path | undefined} */
    this.path = undefined;
    /** @type {[number, number] | undefined} */
    this.explained = undefined;
  }

  firstUpdated() {
    void this.#train();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#reset();
  }

  #reset() {
    this.#stop.abort();
    this.#stop = new AbortController();
    Object.assign(this, { busy: false, status: "", frame: undefined, grid: undefined, path: undefined });
  }

  async #train() {
    this.#reset();
    const { signal } = this.#stop;
    this.busy = true;
    try {
      await this.#draw(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.status = "";
      this.session?.report(problemOf(error));
    }
    if (!signal.aborted) this.busy = false;
  }

  /** @param {AbortSignal} signal */
  async #draw(signal) {
    this.status = NETWORK.data;
    const [engine, data] = await Promise.all([pageEngine(), pageData().ready()]);
    const training = first(data.training, DIGITS);
    const config = fitted(network, data);
    const optimizer = kerasOptimizer(optimizerNamed(this.optimizerName), this.rate);
    const settings = { optimizer, loss: CROSS_ENTROPY, batchSize: BATCH_SIZE, epochs: EPOCHS };
    const run = new Run({ engine, config, seed: 1, training, settings });
    const model = await engine.Model.fromConfig(config);
    const measured = await new engine.Dataset(training.pixels, training.labels, { shape: training.shape });
    signal.addEventListener("abort", () => void run.pause());
    try {
      await run.prepare();
      run.addEventListener("progress", () => {
        this.status = NETWORK.learns(run.step, run.totalSteps);
      });
      /** @type {Float32Array[]} */
      const points = [];
      while (!signal.aborted) {
        if (run.problem) throw new Error(run.problem);
        points.push(await /** @type {Model} */ (run.model).flatWeights());
        if (run.state === "finished") break;
        await run.learnUntil(run.examplesSeen + BETWEEN);
      }
      await model.compile({ optimizer, loss: CROSS_ENTROPY });
      const indices = Uint32Array.from({ length: MEASURED }, (_, index) => index);
      const error = async () => (await model.evaluate(measured, indices)).loss;
      await this.#follow(engine, points, model, error, signal);
      if (signal.aborted) return;
      this.status = NETWORK.done(this.#error(0), this.#error(points.length - 1), run.step);
    } finally {
      await Promise.allSettled([run.close(), model.free(), measured.free()]);
    }
  }

  /**
   * @param {import("../../convscope.js").RemoteEngine} engine
   * @param {Float32Array[]} points weights of the network while it learnt
   * @param {Model} model
   * @param {() => Promise<number>} error of the weights that the model has
   * @param {AbortSignal} signal
   */
  async #follow(engine, points, model, error, signal) {
    /** @type {number[]} */
    const errors = [];
    for (const point of points) {
      if (signal.aborted) return;
      await model.setFlatWeights(point);
      errors.push(await error());
    }
    const plane = await planeThrough(engine, points);
    if (!plane) throw new Error(NETWORK.line);
    const frame = frameAround(plane.places);
    this.explained = plane.explained;
    this.frame = { parameters: ["first direction", "second direction"], ...frame };
    this.path = {
      title: "weights",
      line: 0,
      points: Float32Array.from(plane.places.flatMap(([p, q], index) => [p, q, errors[index]])),
    };
    const errorAt = async (/** @type {number} */ p, /** @type {number} */ q) => {
      signal.throwIfAborted();
      await model.setFlatWeights(weightsAt(plane, p, q));
      return error();
    };
    for await (const grid of errorsOver(frame, errorAt)) {
      if (signal.aborted) return;
      this.grid = grid;
      this.status = NETWORK.measures(grid.columns, grid.rows);
    }
  }

  /** The error at a point of the path, in words. @param {number} index */
  #error(index) {
    return (this.path?.points[3 * index + 2] ?? NaN).toFixed(2);
  }

  /** @param {string} name */
  #choose(name) {
    this.optimizerName = name;
    this.rate = optimizerNamed(name).rates.plane;
  }

  render() {
    const { path, frame, grid, explained } = this;
    const last = path ? path.points.length / 3 - 1 : 0;
    return html`
      ${
        path && frame && grid
          ? html`<convscope-surface-plot
              fixed
              .surface=${frame}
              .grid=${grid}
              .paths=${[path]}
              .step=${last}
              .start=${[path.points[0], path.points[1]]}
            ></convscope-surface-plot>`
          : html`<p class="quiet empty">${NETWORK.empty}</p>`
      }
      <div class="side">
        <label ?hidden=${this.hide.includes("controls")}>
          <span class="quiet">Optimiser</span>
          <select
            @change=${(/** @type {Event} */ event) =>
              this.#choose(/** @type {HTMLSelectElement} */ (event.target).value)}
          >
            ${OPTIMIZERS.map(
              ({ name, title }) =>
                html`<option value=${name} ?selected=${name === this.optimizerName}>${title}</option>`,
            )}
          </select>
        </label>
        <label ?hidden=${this.hide.includes("controls")}>
          <span class="quiet">Learning rate</span>
          <input
            type="number"
            min="0"
            step="any"
            .value=${String(this.rate)}
            @change=${(/** @type {Event} */ event) =>
              (this.rate = Math.max(0, /** @type {HTMLInputElement} */ (event.target).valueAsNumber || 0))}
          />
        </label>
        <div class="buttons" ?hidden=${this.hide.includes("buttons")}>
          <button @click=${this.#train} ?disabled=${this.busy}>Train</button>
          <button @click=${this.#reset} ?disabled=${!this.busy && !path}>Reset</button>
        </div>
        <p role="status">${this.status}</p>
        ${
          path && explained
            ? html`<p>${NETWORK.explained(percent(explained[0], 0), percent(explained[1], 0))}</p>
                <p class="quiet" ?hidden=${this.hide.includes("about")}>
                  ${NETWORK.how(DIGITS, EPOCHS, MEASURED, BETWEEN)}
                </p>`
            : nothing
        }
      </div>
    `;
  }
}

customElements.define("convscope-weight-plane", WeightPlane);
