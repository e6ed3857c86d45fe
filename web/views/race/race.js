import { css, html, nothing } from "lit";
import { first } from "../../data/split.js";
import { AXES } from "../../training/axis.js";
import { Race } from "../../training/race.js";
import { choiceField, fieldStyles, numberField, switchField, unsent } from "../../ui/fields.js";
import { Following } from "../../ui/following.js";
import { counted } from "../../ui/counted.js";
import { followRace } from "../../runs/follow-race.js";
import { Learner } from "../../runs/learner.js";
import { lineStyles } from "../../runs/lines.js";
import { CROSS_ENTROPY } from "../../runs/losses.js";
import { OPTIMIZERS, kerasOptimizer } from "../../runs/optimizers.js";
import { pageData } from "../../session/page-data.js";
import { smoothLosses } from "../../runs/race-curves.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { percent } from "../../ui/numbers.js";
import "../../runs/data-summary.js";
import "../../network/model-choice.js";
import "../../runs/race-controls.js";
import "../../ui/lesson.js";

/** @typedef {import("../../training/race.js").Entry} Entry */
/** @typedef {import("../../training/race.js").Runner} Runner */
/**
 * @typedef {{ name: string, title: string, line: string, rate: number, on: boolean }} Lane who may race, and how its
 * line is drawn
 */

const BATCH_SIZE = 32;
const EPOCHS = 5;
const COUNTS = [500, 1_000, 5_000, 20_000];
/** At which one example at a time still learns. */
const BATCH_RATE = 0.01;

/** What differs between the runners. @type {{ value: "optimizers" | "batches", text: string }[]} */
const SUBJECTS = [
  { value: "optimizers", text: "optimisers" },
  { value: "batches", text: "batch sizes" },
];

/** @type {Lane[]} */
const OPTIMIZER_LANES = OPTIMIZERS.map(({ name, title, line, rates }) => ({
  name,
  title,
  line: `line-${line}`,
  rate: rates.race,
  on: true,
}));
/** @type {Lane[]} */
const BATCH_LANES = ["1", "32", "all"].map((name, index) => ({
  name,
  title: `B = ${name}`,
  line: `line-${index}`,
  rate: BATCH_RATE,
  on: true,
}));

const SAME = "All start from the same random weights and see the same examples in the same order";
/** @type {Record<"optimizers" | "batches", import("../../ui/lesson.js").Lesson>} */
const LESSONS = {
  optimizers: {
    caption:
      `${SAME}, ${BATCH_SIZE} to a mini-batch, so that nothing differs but how the optimiser turns a gradient into a step. ` +
      "Momentum and the adaptive rates of AdaGrad, RMSprop and Adam pay off where plain SGD would creep along a ravine.",
  },
  batches: {
    caption:
      `${SAME}, under plain SGD, so that nothing differs but how many of them one gradient is the mean of. ` +
      "One example (B = 1) gives many cheap, noisy steps; the whole set gives one smooth, dear step an epoch.",
  },
};

/** One network trained several times side by side, by optimisers or batch sizes, from one start and in one order. */
export class RaceView extends View {
  static properties = {
    subject: { state: true },
    lanes: { state: true },
    count: { state: true },
    seed: { state: true },
    axis: { state: true },
    logarithmic: { state: true },
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
      tbody .swatch {
        margin-left: 8px;
      }
      tbody th {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      .problem {
        color: var(--alarm);
      }
    `,
  ];

  #data = pageData();
  /** @type {Learner<Race>} */
  #learner = new Learner(this);

  constructor() {
    super();
    /** @type {"optimizers" | "batches"} */
    this.subject = "optimizers";
    this.lanes = OPTIMIZER_LANES;
    /** How many examples they learn. */
    this.count = 5_000;
    this.seed = 0;
    /** @type {import("../../training/axis.js").Axis} */
    this.axis = "step";
    this.logarithmic = false;
    followRace(this, () => this.race);
    new Following(
      this,
      ["change"],
      () => this.#data,
      () => this.#data.current && this.#build(),
    );
  }

  get race() {
    return this.#learner.current;
  }

  /** Whether other runners are on their way. */
  get building() {
    return this.#learner.building;
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    this.requestUpdate();
    if (kind === "model") void this.#build();
  }

  firstUpdated() {
    if (this.session?.shown) void this.#build();
  }

  /** Builds the runners of the network on view; the race before is over. */
  #build() {
    return this.#learner.build(async (engine, { training, validation }) => {
      const config = await this.session?.config;
      if (!config) return;
      const learnt = first(training, this.count);
      const entries = this.lanes.filter(({ on }) => on).map((lane) => this.#entry(lane, config, learnt.labels.length));
      const race = new Race({ engine, seed: this.seed, training: learnt, validation, entries });
      await race.prepare();
      return race;
    });
  }

  /** @param {Lane} lane @param {object} config @param {number} examples @returns {Entry} */
  #entry({ name, rate }, config, examples) {
    const optimizer = OPTIMIZERS.find((one) => one.name === name) ?? OPTIMIZERS[0];
    const batchSize = this.subject === "optimizers" ? BATCH_SIZE : Number(name) || examples;
    return {
      name,
      config,
      settings: { optimizer: kerasOptimizer(optimizer, rate), loss: CROSS_ENTROPY, batchSize, epochs: EPOCHS },
    };
  }

  /** @param {string} chosen */
  #setSubject = (chosen) => {
    this.subject = chosen === "batches" ? "batches" : "optimizers";
    this.lanes = this.subject === "batches" ? BATCH_LANES : OPTIMIZER_LANES;
    void this.#build();
  };

  /** @param {Lane} lane @param {Partial<Lane>} change */
  #change(lane, change) {
    this.lanes = this.lanes.map((one) => (one === lane ? { ...lane, ...change } : one));
    void this.#build();
  }

  /** @param {string} text */
  #setCount = (text) => {
    this.count = Number(text);
    void this.#build();
  };

  /** @param {number} seed */
  #setSeed = (seed) => {
    this.seed = seed;
    void this.#build();
  };

  /** @returns {{ lane: Lane, runner: Runner | undefined }[]} */
  get #pairs() {
    return this.lanes.map((lane) => ({
      lane,
      runner: this.race?.runners.find(({ name }) => lane.on && name === lane.name),
    }));
  }

  #settings() {
    const { subject, count, seed, axis, logarithmic } = this;
    return html`
      <form @submit=${unsent}>
        ${choiceField({ text: "Compare", value: subject, options: SUBJECTS, change: this.#setSubject })}
        ${choiceField({
          text: "Examples",
          value: String(count),
          options: COUNTS.map((one) => ({ value: String(one), text: counted(one) })),
          change: this.#setCount,
        })}
        ${numberField({ text: "Seed", value: seed, max: 4294967295, whole: true, change: this.#setSeed })}
        ${choiceField({
          text: "Loss by",
          value: axis,
          options: AXES,
          change: (chosen) => (this.axis = AXES.find(({ value }) => value === chosen)?.value ?? "step"),
        })}
        ${switchField({ text: "logarithmic", checked: logarithmic, change: (chosen) => (this.logarithmic = chosen) })}
      </form>
    `;
  }

  #table() {
    const names = [
      this.subject === "batches" ? "batch size" : "optimiser",
      "learning rate",
      "step",
      "examples",
      "loss",
      "validation accuracy",
      "seconds",
    ];
    return html`
      <div class="scroll">
        <table>
          <thead>
            <tr>
              ${names.map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.#pairs.map(({ lane, runner }) => this.#row(lane, runner))}
          </tbody>
        </table>
      </div>
    `;
  }

  /** @param {Lane} lane @param {Runner | undefined} runner */
  #row(lane, runner) {
    const { run } = runner ?? {};
    const loss = run && smoothLosses(run).at(-1);
    const accuracy = run?.epochs.at(-1)?.valAccuracy;
    return html`
      <tr>
        <th scope="row">
          ${switchField({ text: lane.title, checked: lane.on, change: (on) => this.#change(lane, { on }) })}
          <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="line ${lane.line}" d="M0 4H26" /></svg>
        </th>
        <td>
          <input
            type="number"
            min="0"
            max="1000"
            step="any"
            aria-label="Learning rate of ${lane.title}"
            .value=${String(lane.rate)}
            @change=${(/** @type {Event} */ event) => {
              const { valueAsNumber: rate, validity } = /** @type {HTMLInputElement} */ (event.target);
              if (validity.valid && Number.isFinite(rate)) this.#change(lane, { rate });
            }}
          />
        </td>
        <td>${run ? counted(run.step) : "–"}</td>
        <td>${run ? counted(run.examplesSeen) : "–"}</td>
        <td>${loss === undefined ? "–" : loss.toFixed(3)}</td>
        <td>${accuracy === undefined ? "–" : percent(accuracy)}</td>
        <td>${run ? run.seconds.toFixed(1) : "–"}</td>
      </tr>
    `;
  }

  #problems() {
    const problems = this.#pairs.flatMap(({ lane, runner }) =>
      runner?.run.problem ? [`${lane.title}: ${runner.run.problem}`] : [],
    );
    return problems.length ? html`<p class="problem" role="alert">${problems.join(" ")}</p>` : nothing;
  }

  render() {
    const { session } = this;
    if (!session) return;
    return html`
      <div class="view">
        <convscope-model-choice
          .session=${session}
          .fixed=${this.hides("model")}
          ?hidden=${this.hides("about")}
        ></convscope-model-choice>
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${LESSONS[this.subject]}></convscope-lesson>
        <convscope-data-summary ?hidden=${this.hides("about")}></convscope-data-summary>
        <div ?hidden=${this.hides("controls")}>${this.#settings()}</div>
        <convscope-race-controls .race=${this.race} .waiting=${this.building}></convscope-race-controls>
        ${this.#problems()}
        <convscope-race-curves
          .race=${this.race}
          .lanes=${this.lanes.filter(({ on }) => on)}
          .axis=${this.axis}
          .logarithmic=${this.logarithmic}
          .dark=${this.dark}
        ></convscope-race-curves>
        ${this.#table()}
      </div>
    `;
  }
}

customElements.define("convscope-race", RaceView);
