import { css, html, nothing } from "lit";
import { first } from "../../data/split.js";
import { Comparison, bestEpoch } from "../../training/comparison.js";
import { RUN_EVENTS, Run } from "../../training/run.js";
import { choiceField, fieldStyles, numberField, switchField, unsent } from "../../ui/fields.js";
import { Following } from "../../ui/following.js";
import { counted } from "../../ui/counted.js";
import { Learner } from "../../runs/learner.js";
import { lineStyles } from "../../runs/lines.js";
import { CROSS_ENTROPY } from "../../runs/losses.js";
import { kerasOptimizer, optimizerNamed } from "../../runs/optimizers.js";
import { pageData } from "../../session/page-data.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { percent } from "../../ui/numbers.js";
import "../../runs/curves.js";
import "../../runs/data-summary.js";
import "../../ui/lesson.js";
import "../../network/model-choice.js";

/** @typedef {import("../../training/comparison.js").Result} Result */
/** @typedef {"stops" | "l2" | "dropout" | "augments"} Remedy */

const COUNTS = [50, 100, 200, 500, 1_000];
/** Enough to see where the curves part, few enough to be measured after every epoch. */
const VALIDATION = 1_000;
const OPTIMIZER = kerasOptimizer(optimizerNamed("adam"), 0.001);
const BATCH_SIZE = 16;
const PATIENCE = 5;
const L2 = 0.005;
const DROPOUT = 0.5;
const AUGMENTATION = { shift: 2, rotation: 0.2, scale: 0.15, shear: 0.2, elastic: 0.6, elasticSigma: 3 };
/** As many as there are lines that differ. */
const MOST_RUNS = 5;

/** What helps, in the order of the lecture. @type {{ name: Remedy, text: string, title: string }[]} */
const REMEDIES = [
  {
    name: "stops",
    text: "early stopping",
    title: `Ends after ${PATIENCE} epochs without a smaller validation loss, with the best weights.`,
  },
  { name: "l2", text: "L2", title: `Adds ${L2} times the sum of the squares of every kernel to the loss.` },
  { name: "dropout", text: "dropout", title: `Leaves out half of the last hidden layer's outputs at random.` },
  { name: "augments", text: "augmentation", title: "Each epoch shifts, turns and bends every digit another way." },
];

/** @type {import("../../ui/lesson.js").Lesson} */
const LESSON = {
  caption:
    "So few examples that the network learns them by heart: the training loss goes on falling while the validation " +
    "loss turns and rises, and the gap between them is what it fails to generalise. Each remedy trades variance for " +
    "bias; every run starts from the same weights and is kept, so that only what you switch on differs.",
  question: {
    text: "which remedy leaves the smallest gap, and which the smallest validation loss?",
    because:
      "Early stopping leaves the gap as it was at the best epoch; L2 and dropout raise the training loss more than " +
      "they lower the validation loss; augmentation is like more examples, and with so few it nearly always helps " +
      "most.",
  },
};

/** A network that learns too few examples by heart, and what helps; every run stays to be compared. */
export class OverfittingView extends View {
  static properties = {
    count: { state: true },
    epochs: { state: true },
    seed: { state: true },
    chosen: { state: true },
    told: { state: true },
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
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      .row progress {
        flex: 0 1 240px;
        accent-color: var(--accent);
      }
      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
        gap: 16px 28px;
      }
      .swatch {
        margin-right: 8px;
      }
      .problem {
        color: var(--alarm);
      }
    `,
  ];

  #data = pageData();
  /** @type {Learner<Run>} */
  #learner = new Learner(this);
  #comparison = new Comparison(MOST_RUNS);
  /** Where the run on view stands in the comparison. */
  #place = 0;

  constructor() {
    super();
    this.count = 100;
    this.epochs = 40;
    this.seed = 0;
    /** @type {ReadonlySet<Remedy>} */
    this.chosen = new Set();
    /** What a screen reader is told when a run ends. */
    this.told = "";
    new Following(
      this,
      ["change"],
      () => this.#data,
      () => this.#leave(),
    );
    new Following(
      this,
      RUN_EVENTS,
      () => this.run,
      ({ type }) => this.#note(type),
    );
  }

  get run() {
    return this.#learner.current;
  }

  /** Whether a run is on its way. */
  get building() {
    return this.#learner.building;
  }

  connectedCallback() {
    super.connectedCallback();
    void this.#data.ready().catch(() => {});
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    this.requestUpdate();
    if (kind === "model") void this.#leave();
  }

  /** @param {string} told by the run */
  #note(told) {
    const { run } = this;
    if (!run) return;
    if (told === "epoch") this.#comparison.note(this.#place, run.epochs);
    if (told === "state" && run.state === "finished") this.told = this.#finding();
    this.requestUpdate();
  }

  /** What the run on view has shown, in words. */
  #finding() {
    const result = this.#comparison.results.find(({ place }) => place === this.#place);
    if (!result?.loss.length) return "";
    const { loss, valLoss } = result;
    const best = bestEpoch(valLoss);
    const parts = `training loss ${loss.at(-1)?.toFixed(3)}, validation loss ${valLoss.at(-1)?.toFixed(3)}`;
    return `After ${loss.length} epochs: ${parts}; the validation loss was smallest in epoch ${best}.`;
  }

  /** The settings differ from the run's, which stays in the comparison only. */
  #leave() {
    return this.#learner.leave();
  }

  async #train() {
    if (this.run && this.run.state === "paused") return void this.run.start();
    await this.#leave();
    await this.#learner.build(
      async (engine, { training, validation }) => {
        const network = await this.session?.config;
        if (!network) return;
        const { chosen, seed, count } = this;
        const variation = { l2: chosen.has("l2") ? L2 : 0, dropout: chosen.has("dropout") ? DROPOUT : 0 };
        const run = new Run({
          engine,
          config: await engine.varied(network, variation),
          seed,
          training: first(training, count),
          validation: first(validation, VALIDATION),
          settings: {
            optimizer: OPTIMIZER,
            loss: CROSS_ENTROPY,
            batchSize: BATCH_SIZE,
            epochs: this.epochs,
            augmentation: chosen.has("augments") ? AUGMENTATION : undefined,
            earlyStopping: chosen.has("stops") ? { patience: PATIENCE, restore_best_weights: true } : undefined,
          },
        });
        await run.prepare();
        return run;
      },
      (run) => {
        this.#place = this.#comparison.begin(this.#title());
        void run.start();
      },
    );
  }

  #title() {
    const names = REMEDIES.filter(({ name }) => this.chosen.has(name)).map(({ text }) => text);
    return `${counted(this.count)} digits, ${names.join(" + ") || "no remedy"}`;
  }

  /** @template {"count" | "epochs" | "seed"} Name @param {Name} name */
  #set(name) {
    return (/** @type {string | number} */ value) => {
      this[name] = Number(value);
      void this.#leave();
    };
  }

  /** @param {Remedy} name @param {boolean} on */
  #switch(name, on) {
    const chosen = new Set(this.chosen);
    if (on) chosen.add(name);
    else chosen.delete(name);
    this.chosen = chosen;
    void this.#leave();
  }

  #settings() {
    return html`
      <form @submit=${unsent}>
        ${choiceField({
          text: "Digits to learn",
          value: String(this.count),
          options: COUNTS.map((one) => ({ value: String(one), text: counted(one) })),
          change: this.#set("count"),
        })}
        ${numberField({ text: "Epochs", value: this.epochs, min: 1, max: 500, whole: true, change: this.#set("epochs") })}
        ${numberField({ text: "Seed", value: this.seed, max: 4294967295, whole: true, change: this.#set("seed") })}
        ${REMEDIES.map(({ name, text, title }) =>
          switchField({ text, title, checked: this.chosen.has(name), change: (on) => this.#switch(name, on) }),
        )}
      </form>
    `;
  }

  #controls() {
    const { run, building } = this;
    const ready = this.session?.shown && this.#data.current;
    return html`
      <div class="row">
        ${
          run?.state === "running"
            ? html`<button @click=${() => run.pause()}>Pause</button>`
            : html`<button ?disabled=${building || !ready} @click=${this.#train}>Train</button>`
        }
        <progress max="1" .value=${run ? run.step / run.totalSteps : 0} aria-label="Training"></progress>
        <span class="quiet" role="status" aria-label="Overfitting">${this.told}</span>
      </div>
      ${run?.problem ? html`<p class="problem" role="alert">${run.problem}</p>` : nothing}
    `;
  }

  #curves() {
    const { dark } = this;
    const { results } = this.#comparison;
    const current = results.find(({ place }) => place === this.#place);
    const epochsOf = (/** @type {number[]} */ values) => values.map((_, index) => index + 1);
    const { loss = [], valLoss = [] } = current ?? {};
    const own = [
      { label: "training", line: "training", x: epochsOf(loss), y: loss },
      { label: "validation", line: "validation", x: epochsOf(valLoss), y: valLoss },
    ];
    const all = results.map(({ place, title, valLoss }) => ({
      label: title,
      line: `line-${place}`,
      x: epochsOf(valLoss),
      y: valLoss,
    }));
    return html`
      <div class="curves">
        <convscope-curves
          .caption=${current ? `Loss: ${current.title}` : "Loss"}
          .unit=${"epoch"}
          .dark=${dark}
          .lines=${own}
        ></convscope-curves>
        <convscope-curves
          .caption=${"Validation loss of all runs"}
          .unit=${"epoch"}
          .dark=${dark}
          .lines=${all}
        ></convscope-curves>
      </div>
    `;
  }

  #table() {
    const { results } = this.#comparison;
    const names = [
      "run",
      "epochs",
      "training loss",
      "validation loss",
      "gap",
      "best epoch",
      "training accuracy",
      "validation accuracy",
      "",
    ];
    return html`
      <div class="scroll" ?hidden=${results.length === 0}>
        <table>
          <thead>
            <tr>
              ${names.map((name) => (name ? html`<th scope="col">${name}</th>` : html`<td></td>`))}
            </tr>
          </thead>
          <tbody>
            ${results.map((result) => this.#row(result))}
          </tbody>
        </table>
      </div>
    `;
  }

  /** @param {Result} result */
  #row({ place, title, loss, valLoss, accuracy, valAccuracy }) {
    const written = (/** @type {number | undefined} */ value) => (value === undefined ? "–" : value.toFixed(3));
    const share = (/** @type {number | undefined} */ value) => (value === undefined ? "–" : percent(value));
    const gap = loss.length ? /** @type {number} */ (valLoss.at(-1)) - /** @type {number} */ (loss.at(-1)) : undefined;
    return html`
      <tr>
        <th scope="row">
          <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="line line-${place}" d="M0 4H26" /></svg
          >${title}
        </th>
        <td>${loss.length}</td>
        <td>${written(loss.at(-1))}</td>
        <td>${written(valLoss.at(-1))}</td>
        <td>${written(gap)}</td>
        <td>${loss.length ? bestEpoch(valLoss) : "–"}</td>
        <td>${share(accuracy.at(-1))}</td>
        <td>${share(valAccuracy.at(-1))}</td>
        <td>
          <button
            class="plain small"
            aria-label="Remove ${title}"
            ?disabled=${place === this.#place && this.run?.state === "running"}
            @click=${() => this.#remove(place)}
          >
            Remove
          </button>
        </td>
      </tr>
    `;
  }

  /** @param {number} place */
  #remove(place) {
    this.#comparison.remove(place);
    if (place === this.#place) void this.#leave();
    this.requestUpdate();
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
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${LESSON}></convscope-lesson>
        <convscope-data-summary ?hidden=${this.hides("about")}></convscope-data-summary>
        <div ?hidden=${this.hides("controls")}>${this.#settings()}</div>
        ${this.#controls()} ${this.#curves()} ${this.#table()}
      </div>
    `;
  }
}

customElements.define("convscope-overfitting", OverfittingView);
