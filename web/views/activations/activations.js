import { css, html, nothing } from "lit";
import { first } from "../../data/split.js";
import { fitted } from "../../training/fitted.js";
import { RACE_EVENTS, Race } from "../../training/race.js";
import { choiceField, fieldStyles, numberField, unsent } from "../../ui/fields.js";
import { valueText } from "../../runs/chart-axes.js";
import { followRace } from "../../runs/follow-race.js";
import { Learner } from "../../runs/learner.js";
import { lineStyles } from "../../runs/lines.js";
import { Following } from "../../ui/following.js";
import { pageData } from "../../session/page-data.js";
import { pageEngine } from "../../session/page-engine.js";
import { smoothLosses } from "../../runs/race-curves.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { percent } from "../../ui/numbers.js";
import { DIVERGES, failed } from "../../runs/words.js";
import { GradientProbe } from "../../training/gradients.js";
import {
  DEFAULTS,
  EXAMPLES,
  LANES,
  MEASURED,
  PROBED,
  READING,
  UNITS,
  deep,
  entriesOf,
  inputOf,
  resting,
} from "./experiment.js";
import recorded from "./recorded.json";
import * as words from "./words.js";
import "../../runs/data-summary.js";
import "../../runs/race-controls.js";
import "../../ui/lesson.js";

/** @typedef {{ sizes: number[], inactive: number }} Measured the gradient of each layer, and units that rest */

/** Where the functions are drawn: from −4 to 4 in steps of 0.05, with the jump that some make at 0. */
const X = Float32Array.from(
  [...Array.from({ length: 161 }, (_, index) => (index - 80) / 20), -1e-6, 1e-6].filter(Boolean).sort((a, b) => a - b),
);
/** Where the values of the functions are read, unless something is pointed at. */
const READ_AT = 1;
/** Hidden layers, as many as a gradient has to pass to the first. */
const DEPTHS = [1, 2, 3, 5, 8];
/** How often gradients are measured while the networks learn, in milliseconds. */
const MEASURED_EVERY = 1500;

/** Activation functions with their derivatives, and one network that learns with each of them. */
export class ActivationsView extends View {
  static properties = {
    curves: { state: true },
    depth: { state: true },
    rate: { state: true },
    seed: { state: true },
    measured: { state: true },
    differs: { state: true },
  };

  static styles = [
    base,
    fieldStyles,
    lineStyles,
    tableStyles,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
      }
      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
        gap: 16px 28px;
      }
      .functions {
        --chart-height: 150px;
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
        gap: 12px 20px;
      }
      .functions p {
        margin-top: 4px;
      }
      h2 {
        margin: 12px 0 0;
        font-size: inherit;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      tbody th {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .problem {
        color: var(--alarm);
      }
    `,
  ];

  #data = pageData();
  /** @type {Learner<Race>} */
  #learner = new Learner(this);
  /** Of each runner's network, one that gradients are read from. @type {Map<string, GradientProbe>} */
  #probes = new Map();
  #measuredAt = 0;
  #measuring = false;
  /** Whether they have learnt on since the measuring began. */
  #again = false;
  /** What the units answer to, as the network takes it. @type {Float32Array} */
  probes = new Float32Array();

  constructor() {
    super();
    /** Values and derivatives by Keras' name. @type {Map<string, { values: number[], derivatives: number[] }>} */
    this.curves = new Map();
    this.depth = DEFAULTS.depth;
    this.rate = DEFAULTS.rate;
    this.seed = DEFAULTS.seed;
    /** By Keras' name. @type {Map<string, Measured>} */
    this.measured = new Map();
    /** Whether a setting is no longer what it was in the recorded run. */
    this.differs = false;
    followRace(this, () => this.race);
    new Following(
      this,
      ["change"],
      () => this.#data,
      () => this.#data.current && this.#build(),
    );
    new Following(
      this,
      RACE_EVENTS,
      () => this.race,
      ({ type }) => {
        const due = type === "state" || performance.now() - this.#measuredAt > MEASURED_EVERY;
        if (due) void this.#measure();
      },
    );
  }

  get race() {
    return this.#learner.current;
  }

  /** Whether other runners are on their way. */
  get building() {
    return this.#learner.building;
  }

  leave() {
    void this.#learner.leave();
    void this.#free(this.#probes);
    this.#probes = new Map();
  }

  /** @param {Map<string, GradientProbe>} probes */
  #free(probes) {
    return Promise.allSettled(Array.from(probes.values(), (probe) => probe.free()));
  }

  connectedCallback() {
    super.connectedCallback();
    void this.#draw();
    void this.#build();
  }

  async #draw() {
    try {
      const engine = await pageEngine();
      const curves = await Promise.all(LANES.map(({ name }) => engine.activationCurve(name, X)));
      this.curves = new Map(
        curves.map((curve, index) => [
          LANES[index].name,
          { values: Array.from(curve.subarray(0, X.length)), derivatives: Array.from(curve.subarray(X.length)) },
        ]),
      );
      this.tellReady();
    } catch (error) {
      this.session?.report({
        message: /** @type {Error} */ (error).message,
        code: "load",
        retry: () => void this.#draw(),
      });
    }
  }

  /** Builds the network once for each activation; the race before is over. */
  #build() {
    const { depth, rate, seed } = this;
    return this.#learner.build(
      async (engine, data) => {
        const { training, validation } = data;
        const entries = entriesOf({ depth, rate }).map((entry) => ({ ...entry, config: fitted(entry.config, data) }));
        const race = new Race({ engine, seed, training: first(training, EXAMPLES), validation, entries });
        await race.prepare();
        return race;
      },
      async (race, data) => {
        const { training, validation } = data;
        const engine = await pageEngine();
        this.probes = inputOf(first(validation, PROBED).pixels);
        const before = this.#probes;
        const made = LANES.map(async ({ name }) => {
          const probe = await GradientProbe.for(
            engine,
            fitted(deep(name, depth), data),
            first(training, MEASURED),
            READING,
          );
          return /** @type {[string, GradientProbe]} */ ([name, probe]);
        });
        const probes = new Map(await Promise.all(made));
        if (race !== this.race) return void (await this.#free(probes));
        this.#probes = probes;
        this.measured = new Map();
        await this.#measure();
        await this.#free(before);
      },
    );
  }

  /** Measures the gradients of every runner, and counts the units that rest. */
  async #measure() {
    const { race } = this;
    this.#again = this.#measuring;
    if (!race || this.#measuring) return;
    this.#measuring = true;
    this.#measuredAt = performance.now();
    try {
      const engine = await pageEngine();
      for (const { name, run } of race.runners) {
        const [{ model }, probe] = [run, this.#probes.get(name)];
        if (!model || !probe || race !== this.race) return;
        const sizes = await probe.sizes(await model.flatWeights());
        const { inactive } = await resting(engine, name, model, this.probes);
        this.measured = new Map(this.measured).set(name, { sizes, inactive });
      }
    } catch {
      // The race was closed meanwhile; the next one is measured anew.
    } finally {
      this.#measuring = false;
      if (this.#again) void this.#measure();
    }
  }

  /** Whether some runner has taken a step. */
  get #begun() {
    const { race } = this;
    return Boolean(race?.running || race?.runners.some(({ run }) => run.step > 0));
  }

  /** What was recorded, while nothing else was asked for. @returns {import("./claims.js").Result | undefined} */
  get #recorded() {
    const title = this.#data.current?.title ?? recorded.data;
    return this.differs || this.#begun || title !== recorded.data ? undefined : recorded;
  }

  /** @param {string} name @returns {Measured | undefined} what is known of a runner's network */
  #come(name) {
    const came = this.#recorded?.lanes[name];
    return this.measured.get(name) ?? (came && { sizes: came.start, inactive: came.inactive });
  }

  /** @template {"depth" | "rate" | "seed"} Name @param {Name} name */
  #set(name) {
    return (/** @type {string | number} */ value) => {
      Object.assign(this, { [name]: Number(value), differs: true });
      void this.#build();
    };
  }

  #functions() {
    const x = Array.from(X);
    return html`
      <div class="functions">
        ${LANES.map(({ name }) => {
          const { title, note } = words.ACTIVATIONS[name];
          const { values: y, derivatives } = this.curves.get(name) ?? {};
          const lines =
            y && derivatives
              ? [
                  { label: "f", line: "training", x, y },
                  { label: "f′", line: "validation", x, y: derivatives },
                ]
              : [];
          return html`<div>
            <convscope-curves
              .caption=${title}
              .unit=${"x"}
              .at=${READ_AT}
              .dark=${this.dark}
              .lines=${lines}
            ></convscope-curves>
            <p class="small">${note}</p>
          </div>`;
        })}
        <p class="quiet small" ?hidden=${this.hides("about")}>${words.SOFTMAX}</p>
      </div>
    `;
  }

  #settings() {
    return html`
      <form @submit=${unsent}>
        ${choiceField({
          text: "Hidden layers",
          value: String(this.depth),
          options: DEPTHS.map((depth) => ({ value: String(depth), text: `${depth} of ${UNITS} units` })),
          change: this.#set("depth"),
        })}
        ${numberField({ text: "Learning rate of SGD", value: this.rate, max: 1000, change: this.#set("rate") })}
        ${numberField({ text: "Seed", value: this.seed, max: 4294967295, whole: true, change: this.#set("seed") })}
      </form>
    `;
  }

  /** The gradient that arrives at each layer. */
  #gradients() {
    const steps = this.race?.runners[0]?.run.step;
    const lines = LANES.flatMap(({ name, line }) => {
      const y = this.#come(name)?.sizes;
      return y
        ? [{ label: words.ACTIVATIONS[name].title, line, sparse: true, x: y.map((_, layer) => layer + 1), y }]
        : [];
    });
    return html`
      <div class="curves">
        <convscope-curves
          .caption=${words.gradients(steps)}
          .unit=${"layer"}
          .at=${1}
          .reach=${this.depth + 1}
          .logarithmic=${true}
          .dark=${this.dark}
          .lines=${lines}
        ></convscope-curves>
        <p class="small quiet" ?hidden=${this.hides("about")}>${words.reading(MEASURED, UNITS)}</p>
      </div>
    `;
  }

  #table() {
    const names = [...words.COLUMNS, ...words.layerNames(this.depth).map(words.gradientIn), words.INACTIVE];
    return html`
      <div class="scroll">
        <table>
          <thead>
            <tr>
              ${names.map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${LANES.map((lane) => this.#row(lane))}
          </tbody>
        </table>
      </div>
      <p class="quiet small">${words.inactive(PROBED, UNITS * this.depth)}</p>
    `;
  }

  /** @param {{ name: string, line: string }} lane */
  #row({ name, line }) {
    const run = this.#recorded?.lanes[name].run ?? this.race?.runners.find((runner) => runner.name === name)?.run;
    const loss = run && smoothLosses(run).at(-1);
    const accuracy = run?.epochs.at(-1)?.valAccuracy;
    const { sizes = [], inactive } = this.#come(name) ?? {};
    return html`
      <tr>
        <th scope="row">
          <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="line ${line}" d="M0 4H26" /></svg
          >${words.ACTIVATIONS[name].title}
        </th>
        <td>${run?.diverged ? DIVERGES : loss === undefined ? "–" : loss.toFixed(3)}</td>
        <td>${accuracy === undefined ? "–" : percent(accuracy)}</td>
        ${sizes.slice(0, this.depth + 1).map((size) => html`<td>${valueText(size, false)}</td>`)}
        <td>${inactive ?? "–"}</td>
      </tr>
    `;
  }

  #problems() {
    const problems = this.race?.runners.flatMap(({ name, run }) =>
      run.problem ? [failed(words.ACTIVATIONS[name].title, run.problem)] : [],
    );
    return problems?.length ? html`<p class="problem" role="alert">${problems.join(" ")}</p>` : nothing;
  }

  render() {
    const recording = this.#recorded;
    const runs = recording && Object.fromEntries(Object.entries(recording.lanes).map(([name, { run }]) => [name, run]));
    const lanes = LANES.map(({ name, line }) => ({ name, line, title: words.ACTIVATIONS[name].title }));
    return html`
      <div class="view">
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${words.LESSON}></convscope-lesson>
        ${this.#functions()}
        <h2>${words.NETWORKS}</h2>
        <convscope-data-summary ?hidden=${this.hides("about")}></convscope-data-summary>
        <div ?hidden=${this.hides("controls")}>${this.#settings()}</div>
        <div class="row">
          <convscope-race-controls .race=${this.race} .waiting=${this.building}></convscope-race-controls>
          ${recording ? html`<p class="quiet">${words.recordedRun(recording.data, DEFAULTS.seed)}</p>` : nothing}
        </div>
        ${this.#problems()} ${this.#gradients()}
        <convscope-race-curves
          .race=${this.race}
          .recorded=${runs}
          .lanes=${lanes}
          .dark=${this.dark}
        ></convscope-race-curves>
        ${this.#table()}
      </div>
    `;
  }
}

customElements.define("convscope-activations", ActivationsView);
