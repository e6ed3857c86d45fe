import { css, html, nothing } from "lit";
import { choiceField, fieldStyles, switchField, unsent } from "../../ui/fields.js";
import { short } from "../../ui/numbers.js";
import { lineStyles } from "../../runs/lines.js";
import { OPTIMIZERS, kerasOptimizer, optimizerNamed } from "../../runs/optimizers.js";
import { pageEngine } from "../../session/page-engine.js";
import { SessionElement } from "../../session/session-element.js";
import { problemOf } from "../../session/problem.js";
import { SURFACES } from "./surfaces.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import "./descent-steps.js";
import "./error-curve.js";
import "./surface-plot.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../runs/optimizers.js").Optimizer} Optimizer */
/** @typedef {import("./surface-plot.js").Path} Path */
/**
 * @typedef {object} Runner one path of those that are compared
 * @property {string} title
 * @property {number} line
 * @property {Optimizer} optimizer
 * @property {number} batchSize
 */

const EXAMPLES = 32;
const BATCH_SIZES = [1, 4, EXAMPLES];
const COLUMNS = 91;

const COMPARED = [
  { value: "optimizers", text: "optimisers" },
  { value: "batches", text: "batch sizes" },
];

/** Every optimiser's learning rate on a surface. @param {import("./surfaces.js").ShownSurface} surface */
const ratesOn = ({ name: surface }) => Object.fromEntries(OPTIMIZERS.map(({ name, rates }) => [name, rates[surface]]));

/**
 * The paths of optimisers, or of batch sizes, over the contours of a surface. Tells `drawn` when they are
 * there.
 */
export class SurfaceDescent extends SessionElement {
  static properties = {
    surface: { attribute: false },
    hide: { attribute: false },
    compares: { state: true },
    chosen: { state: true },
    optimizerName: { state: true },
    batchSize: { state: true },
    rates: { state: true },
    start: { state: true },
    step: { state: true },
    grid: { state: true },
    paths: { state: true },
  };

  static styles = [
    base,
    fieldStyles,
    lineStyles,
    css`
      .view {
        display: grid;
        grid-template:
          "controls controls" auto
          "plot side" auto
          "caption side" 1fr / minmax(0, 620px) minmax(280px, 1fr);
        gap: 8px 28px;
        align-items: start;
      }
      .controls {
        grid-area: controls;
        margin-bottom: 8px;
      }
      .side {
        grid-area: side;
      }
      input[type="number"] {
        width: 8ch;
        text-align: right;
      }
      table {
        width: 100%;
        margin: 12px 0;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 3px 0;
        border-bottom: 1px solid var(--hairline);
        font-weight: inherit;
        text-align: right;
        white-space: nowrap;
      }
      th:first-child {
        text-align: left;
      }
      .caption {
        display: grid;
        grid-area: caption;
        gap: 6px;
      }
      @media (max-width: 720px) {
        .view {
          grid-template: "controls" auto "plot" auto "side" auto "caption" auto / minmax(0, 1fr);
        }
      }
    `,
  ];

  #asked = 0;
  #drawn = false;

  constructor() {
    super();
    this.surface = SURFACES[0];
    /** @type {string[]} names of controls that are left out */
    this.hide = [];
    /** @type {"optimizers" | "batches"} */
    this.compares = "optimizers";
    /** @type {string[]} names of the optimisers on view */
    this.chosen = OPTIMIZERS.map(({ name }) => name);
    /** @type {string} whose batch sizes are compared */
    this.optimizerName = "sgd";
    this.batchSize = EXAMPLES;
    /** @type {Record<string, number>} */
    this.rates = ratesOn(SURFACES[0]);
    this.start = SURFACES[0].start;
    this.step = SURFACES[0].steps;
    /** @type {import("./surface-plot.js").Grid | undefined} */
    this.grid = undefined;
    /** @type {Path[]} */
    this.paths = [];
  }

  get #description() {
    const { name } = this.surface;
    return name === "regression" ? { name, examples: EXAMPLES, seed: 1 } : { name };
  }

  /** @returns {Runner[]} */
  get #runners() {
    if (this.surface.name === "regression" && this.compares === "batches") {
      const optimizer = optimizerNamed(this.optimizerName);
      return BATCH_SIZES.map((batchSize, line) => ({
        title: batchSize === EXAMPLES ? "all examples" : `batch of ${batchSize}`,
        line,
        optimizer,
        batchSize,
      }));
    }
    const { batchSize } = this;
    const all = OPTIMIZERS.map((optimizer) => ({ title: optimizer.title, line: optimizer.line, optimizer, batchSize }));
    return all.filter(({ optimizer }) => this.chosen.includes(optimizer.name));
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("surface")) {
      this.#steps?.pause();
      const { steps, start } = this.surface;
      Object.assign(this, { step: steps, rates: ratesOn(this.surface), start, grid: undefined, paths: [] });
      void this.#askGrid();
    }
    const inputs = ["surface", "compares", "chosen", "optimizerName", "batchSize", "rates", "start"];
    if (inputs.some((name) => changes.has(name))) void this.#askPaths();
  }

  async #askGrid() {
    const { surface } = this;
    const { from, to } = surface;
    const rows = Math.round(((COLUMNS - 1) * (to[1] - from[1])) / (to[0] - from[0])) + 1;
    try {
      const engine = await pageEngine();
      const values = await engine.surfaceGrid({ surface: this.#description, from, to, columns: COLUMNS, rows });
      if (surface === this.surface) this.grid = { values, columns: COLUMNS, rows };
    } catch (error) {
      this.session?.report(problemOf(error));
    }
  }

  async #askPaths() {
    const asked = ++this.#asked;
    const { start } = this;
    try {
      const engine = await pageEngine();
      const paths = await Promise.all(
        this.#runners.map(async ({ title, line, optimizer, batchSize }) => {
          const points = await engine.surfacePath({
            surface: this.#description,
            optimizer: kerasOptimizer(optimizer, this.rates[optimizer.name]),
            start,
            steps: this.surface.steps,
            batchSize,
            seed: 1,
          });
          return { title, line, points };
        }),
      );
      if (asked === this.#asked) this.paths = paths;
    } catch (error) {
      if (asked === this.#asked) this.session?.report(problemOf(error));
    }
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    super.updated(changes);
    if (this.#drawn || !this.grid || this.paths.length === 0) return;
    this.#drawn = true;
    tell(this, "drawn");
  }

  get #steps() {
    return /** @type {import("./descent-steps.js").DescentSteps | null} */ (
      this.renderRoot.querySelector("convscope-descent-steps")
    );
  }

  /** Rests at a step. @param {number} step */
  #goTo(step) {
    this.#steps?.pause();
    this.step = Math.min(Math.max(step, 0), this.surface.steps);
  }

  /** @param {string} name @param {number} rate */
  #setRate(name, rate) {
    if (rate >= 0 && Number.isFinite(rate)) this.rates = { ...this.rates, [name]: rate };
  }

  /** @param {string} name */
  #toggle(name) {
    const { chosen } = this;
    this.chosen = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
  }

  /** @param {Runner} runner */
  #row({ title, line, optimizer }) {
    const path = this.paths.find((path) => path.title === title);
    const last = path ? Math.min(this.step, path.points.length / 3 - 1) : 0;
    const away = path && last < this.step ? " ∞" : "";
    const value = path?.points[3 * last + 2];
    return html`<tr class="line-${line}">
      <th scope="row">
        <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="line" d="M0 4h26" /></svg>
        ${title}
      </th>
      <td>
        <input
          type="number"
          min="0"
          step="any"
          aria-label="Learning rate of ${title}"
          .value=${String(this.rates[optimizer.name])}
          @change=${(/** @type {Event} */ event) =>
            this.#setRate(optimizer.name, /** @type {HTMLInputElement} */ (event.target).valueAsNumber)}
        />
      </td>
      <td>${value === undefined ? "" : short(value)}${away}</td>
    </tr>`;
  }

  #choices() {
    const regression = this.surface.name === "regression";
    const batches = regression && this.compares === "batches";
    const optimizers = OPTIMIZERS.map(({ name, title }) => ({ value: name, text: title }));
    return html`<form class="controls" @submit=${unsent} ?hidden=${this.hide.includes("controls")}>
      ${
        regression
          ? choiceField({
              text: "Compare",
              value: this.compares,
              options: COMPARED,
              change: (value) => (this.compares = value === "batches" ? value : "optimizers"),
            })
          : nothing
      }
      ${
        batches
          ? choiceField({
              text: "Optimiser",
              value: this.optimizerName,
              options: optimizers,
              change: (value) => (this.optimizerName = value),
            })
          : OPTIMIZERS.map(({ name, title }) =>
              switchField({ text: title, checked: this.chosen.includes(name), change: () => this.#toggle(name) }),
            )
      }
      ${
        regression && !batches
          ? choiceField({
              text: "Batch size",
              value: String(this.batchSize),
              options: BATCH_SIZES.map((size) => ({
                value: String(size),
                text: size === EXAMPLES ? `all ${size}` : String(size),
              })),
              change: (value) => (this.batchSize = Number(value)),
            })
          : nothing
      }
    </form>`;
  }

  render() {
    const { surface } = this;
    const runners = this.#runners;
    return html`
      <div class="view">
        ${this.#choices()}
        <convscope-surface-plot
          .surface=${surface}
          .grid=${this.grid}
          .paths=${this.paths}
          .step=${this.step}
          .start=${this.start}
          @start=${(/** @type {Told<"start">} */ { detail }) => (this.start = detail)}
        ></convscope-surface-plot>
        <div class="caption">
          <p class="quiet small">
            Error: ${surface.formula}. Click, or use the arrow keys on the ring, to start elsewhere.
          </p>
          <p ?hidden=${this.hide.includes("about")}>${surface.note}</p>
        </div>
        <div class="side">
          <convscope-descent-steps
            ?hidden=${this.hide.includes("buttons")}
            .step=${this.step}
            .steps=${surface.steps}
            @step=${(/** @type {Told<"step">} */ { detail }) => (this.step = detail)}
          ></convscope-descent-steps>
          <table>
            <thead>
              <tr class="quiet small">
                <th scope="col">Path</th>
                <th scope="col">learning rate</th>
                <th scope="col">error</th>
              </tr>
            </thead>
            <tbody>
              ${runners.map((runner) => this.#row(runner))}
            </tbody>
          </table>
          <convscope-error-curve
            .paths=${this.paths}
            .step=${this.step}
            .steps=${surface.steps}
            @step=${(/** @type {Told<"step">} */ { detail }) => this.#goTo(detail)}
          ></convscope-error-curve>
        </div>
      </div>
    `;
  }
}

customElements.define("convscope-surface-descent", SurfaceDescent);
