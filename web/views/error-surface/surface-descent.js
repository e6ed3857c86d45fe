import { css, html, nothing } from "lit";
import { choiceField, fieldStyles, switchField, unsent } from "../../ui/fields.js";
import { short } from "../../ui/numbers.js";
import { lineStyles } from "../../runs/lines.js";
import { OPTIMIZERS, optimizerNamed } from "../../runs/optimizers.js";
import { pageEngine } from "../../session/page-engine.js";
import { SessionElement } from "../../session/session-element.js";
import { problemOf } from "../../session/problem.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { adagradRates } from "./adagrad-rates.js";
import {
  BATCH_RATES,
  BATCH_SIZES,
  EXAMPLES,
  SURFACES,
  descend,
  described,
  diverges,
  errorsOf,
  isShown,
  ratesOn,
} from "./experiment.js";
import * as words from "./words.js";
import "./descent-steps.js";
import "./step-curve.js";
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

/** Fine enough for the contours of a narrow valley. */
const COLUMNS = 181;

const COMPARED = [
  { value: "optimizers", text: "optimisers" },
  { value: "batches", text: "batch sizes" },
];
/** Whose learning rate the chart of AdaGrad's rates shows. */
const ADAGRAD = "adagrad";
/** How the rates of its two parameters are drawn, of `lines.js`. */
const ADAGRAD_LINES = [2, 5];

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
        width: 11ch;
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
      .side > convscope-step-curve,
      details {
        margin-top: 12px;
      }
      ul {
        margin: 4px 0;
        padding-left: 20px;
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
    this.compares = "batches";
    /** @type {string[]} names of the optimisers on view */
    this.chosen = OPTIMIZERS.map(({ name }) => name);
    /** @type {string} whose batch sizes are compared */
    this.optimizerName = "sgd";
    this.batchSize = EXAMPLES;
    /** @type {Record<string, number>} */
    this.rates = {};
    this.start = SURFACES[0].start;
    this.step = SURFACES[0].steps;
    /** @type {import("./surface-plot.js").Grid | undefined} */
    this.grid = undefined;
    /** @type {Path[]} */
    this.paths = [];
  }

  /** Whether batch sizes are compared, which only the surface with examples has. */
  get #batches() {
    return this.surface.name === "regression" && this.compares === "batches";
  }

  /** @returns {Runner[]} */
  get #runners() {
    if (this.#batches) {
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
      Object.assign(this, { step: steps, start, grid: undefined, paths: [] });
      void this.#askGrid();
    }
    if (changes.has("surface") || changes.has("compares"))
      this.rates = this.#batches ? BATCH_RATES : ratesOn(this.surface.name);
    const inputs = ["surface", "compares", "chosen", "optimizerName", "batchSize", "rates", "start"];
    if (inputs.some((name) => changes.has(name))) void this.#askPaths();
  }

  async #askGrid() {
    const { surface } = this;
    const { from, to } = surface;
    const rows = Math.round(((COLUMNS - 1) * (to[1] - from[1])) / (to[0] - from[0])) + 1;
    try {
      const engine = await pageEngine();
      const values = await engine.surfaceGrid({ surface: described(surface), from, to, columns: COLUMNS, rows });
      if (surface === this.surface) this.grid = { values, columns: COLUMNS, rows };
    } catch (error) {
      this.session?.report(problemOf(error));
    }
  }

  async #askPaths() {
    const asked = ++this.#asked;
    const { surface, start } = this;
    try {
      const engine = await pageEngine();
      const paths = await Promise.all(
        this.#runners.map(async ({ title, line, optimizer, batchSize }) => {
          const rate = this.rates[optimizer.name];
          const points = await descend(engine, surface, { optimizer, rate, batchSize, start });
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

  /** What a path has come to at the step on view. @param {Path} path */
  #come({ points }) {
    const { surface, step } = this;
    const errors = errorsOf(points);
    const last = Math.min(step, errors.length - 1);
    if (diverges(errors, surface.steps) && errors[last] > errors[0]) return words.DIVERGES;
    const outside = isShown(surface, points[3 * last], points[3 * last + 1]) ? "" : `, ${words.OUTSIDE}`;
    return `${short(errors[last])}${outside}`;
  }

  /** @param {Runner} runner */
  #row({ title, line, optimizer, batchSize }) {
    const path = this.paths.find((path) => path.title === title);
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
      ${this.#batches ? html`<td>${batchSize * this.step}</td>` : nothing}
      <td>${path ? this.#come(path) : ""}</td>
    </tr>`;
  }

  #choices() {
    const regression = this.surface.name === "regression";
    const batches = this.#batches;
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

  #adagrad() {
    const path = this.paths.find(({ title }) => title === optimizerNamed(ADAGRAD).title);
    if (!path) return nothing;
    const { surface, step } = this;
    const rate = this.rates[ADAGRAD];
    const lines = surface.parameters.map((parameter, axis) => {
      const places = Array.from(path.points.filter((_, index) => index % 3 === axis));
      return { title: parameter, line: ADAGRAD_LINES[axis], values: adagradRates(places, rate) };
    });
    return html`<details open>
      <summary>${words.ADAGRAD_RATE}</summary>
      <p class="small">
        ${lines.map(
          ({ title, line }) =>
            html`<svg class="swatch line-${line}" viewBox="0 0 26 8" aria-hidden="true">
                <path class="line" d="M0 4h26" />
              </svg>
              ${title} `,
        )}
      </p>
      <convscope-step-curve
        .label=${words.ADAGRAD_RATE}
        .lines=${lines}
        .step=${step}
        .steps=${surface.steps}
        @step=${(/** @type {Told<"step">} */ { detail }) => this.#goTo(detail)}
      ></convscope-step-curve>
      <p class="small">${words.ADAGRAD_NOTE}</p>
    </details>`;
  }

  #rules() {
    return html`<details>
      <summary>${words.RULES_SUMMARY}</summary>
      <p class="small">${words.RULES_SYMBOLS}</p>
      <ul>
        ${OPTIMIZERS.map(({ name, title }) => html`<li>${title}: ${words.RULES[name]}</li>`)}
      </ul>
    </details>`;
  }

  #table() {
    return html`<table>
      <thead>
        <tr class="quiet small">
          <th scope="col">path</th>
          <th scope="col">learning rate</th>
          ${this.#batches ? html`<th scope="col">examples seen</th>` : nothing}
          <th scope="col">error</th>
        </tr>
      </thead>
      <tbody>
        ${this.#runners.map((runner) => this.#row(runner))}
      </tbody>
    </table>`;
  }

  render() {
    const { surface, paths } = this;
    const { formula, note } = words.SURFACE_WORDS[surface.name];
    const batches = this.#batches;
    const errors = paths.map(({ title, line, points }) => ({ title, line, values: errorsOf(points) }));
    return html`
      <div class="view">
        ${this.#choices()}
        <convscope-surface-plot
          .surface=${surface}
          .grid=${this.grid}
          .paths=${paths}
          .step=${this.step}
          .start=${this.start}
          @start=${(/** @type {Told<"start">} */ { detail }) => (this.start = detail)}
        ></convscope-surface-plot>
        <div class="caption">
          <p class="quiet small">${words.formulaAndStart(formula)}</p>
          <p ?hidden=${this.hide.includes("about")}>${batches ? words.BATCH_NOTE : note}</p>
          <div ?hidden=${this.hide.includes("about")}>${this.#rules()}</div>
        </div>
        <div class="side">
          <convscope-descent-steps
            ?hidden=${this.hide.includes("buttons")}
            .step=${this.step}
            .steps=${surface.steps}
            @step=${(/** @type {Told<"step">} */ { detail }) => (this.step = detail)}
          ></convscope-descent-steps>
          ${this.#table()}
          <p class="quiet small" ?hidden=${this.hide.includes("about")}>
            ${words.ratesChosen(surface.firstStep, batches)}
          </p>
          <convscope-step-curve
            .label=${words.ERROR_AXIS}
            .lines=${errors}
            .step=${this.step}
            .steps=${surface.steps}
            @step=${(/** @type {Told<"step">} */ { detail }) => this.#goTo(detail)}
          ></convscope-step-curve>
          ${this.#adagrad()}
        </div>
      </div>
    `;
  }
}

customElements.define("convscope-surface-descent", SurfaceDescent);
