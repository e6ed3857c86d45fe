import { css, html, nothing } from "lit";
import { first } from "../../data/split.js";
import { RUN_EVENTS } from "../../training/run.js";
import { choiceField, fieldStyles, numberField, switchField, unsent } from "../../ui/fields.js";
import { isDrawable } from "../../data/image-size.js";
import { fitted, fittedWords } from "../../training/fitted.js";
import { Following } from "../../ui/following.js";
import { counted } from "../../ui/counted.js";
import { Learner } from "../../runs/learner.js";
import { LeftView } from "../../runs/left-view.js";
import { lineStyles } from "../../runs/lines.js";
import { chosenNetwork, configOf, networkOptions, titleOf } from "../../runs/quick-networks.js";
import { pageData, wantData } from "../../session/page-data.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { percent } from "../../ui/numbers.js";
import { Comparison } from "./comparison.js";
import { DEFAULTS, REMEDIES, Trial, VALIDATION, bestEpoch } from "./experiment.js";
import recorded from "./recorded.json";
import * as words from "./words.js";
import "../../runs/curves.js";
import "../../runs/data-summary.js";
import "../../ui/lesson.js";
import "./memorised.js";

/** @typedef {import("../../convscope.js").KerasConfig} KerasConfig */
/** @typedef {import("./comparison.js").Result} Result */
/** @typedef {import("./experiment.js").Remedy} Remedy */

const COUNTS = [50, 100, 200, 500, 1_000];
/** As many as there are lines that differ. */
const MOST_RUNS = 5;

/** A network that memorises too few examples, and what helps; every run stays to be compared. */
export class OverfittingView extends View {
  static properties = {
    count: { state: true },
    epochs: { state: true },
    seed: { state: true },
    network: { state: true },
    chosen: { state: true },
    fits: { state: true },
    told: { state: true },
    recorded: { state: true },
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
      /* Headings take two lines rather than that runs are removed beyond the edge. */
      thead th {
        white-space: normal;
        vertical-align: bottom;
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
  /** @type {Learner<Trial>} */
  #learner = new Learner(this);
  #comparison = new Comparison(MOST_RUNS);
  #left = new LeftView(this, () => {
    const { recorded, count, epochs, seed, network, chosen, told } = this;
    if (recorded) return;
    const [trial, comparison, place] = [this.#learner.current, this.#comparison, this.#place];
    const settings = { recorded, count, epochs, seed, network, chosen, told };
    return { settings, trial, comparison, place, data: this.#data.current };
  });
  /** Where the run on view stands in the comparison. */
  #place = 0;

  constructor() {
    super();
    this.count = DEFAULTS.count;
    this.epochs = DEFAULTS.epochs;
    this.seed = DEFAULTS.seed;
    /** The name of one of the networks to choose from. */
    this.network = DEFAULTS.network;
    /** @type {ReadonlySet<Remedy>} */
    this.chosen = new Set();
    /** What a screen reader is told when a run ends. */
    this.told = "";
    /** What of the network was made to fit the data, in words. */
    this.fits = "";
    /** Whether the runs on view are recorded ones. */
    this.recorded = true;
    for (const { remedies, ...came } of recorded.runs)
      this.#comparison.begin(titleOfRun(DEFAULTS.count, remedies), came);
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
    return this.#learner.current?.run;
  }

  /** Whether a run is on its way. */
  get building() {
    return this.#learner.building;
  }

  connectedCallback() {
    super.connectedCallback();
    void wantData(this);
  }

  leave() {
    // What is there already is for when somebody comes back.
    if (this.building) void this.#learner.leave();
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    this.requestUpdate();
    if (kind === "model") this.#follow();
  }

  firstUpdated() {
    const left = this.#left.take();
    if (left) {
      Object.assign(this, left.settings);
      this.#comparison = left.comparison;
      this.#place = left.place;
      this.#learner.current = left.trial;
      if (left.data !== this.#data.current) void this.#leave();
      // It may have come to its end while nobody looked on.
      else if (this.run?.state === "finished") void this.#finish();
    }
    this.#follow();
  }

  /** Takes the network on view where it was chosen. */
  #follow() {
    const network = chosenNetwork(this.session);
    if (!network || network === this.network) return;
    this.network = network;
    void this.#leave();
  }

  /** @param {string} told by the run */
  #note(told) {
    if (told === "state" && this.run?.state === "finished") void this.#finish();
    this.requestUpdate();
  }

  /** The last epoch of the run on view has been measured: its numbers stay. */
  async #finish() {
    const trial = this.#learner.current;
    await trial?.measured();
    if (!trial || trial !== this.#learner.current) return;
    this.#comparison.note(this.#place, trial.came);
    this.told = this.#finding(trial.came);
    this.requestUpdate();
  }

  /** What a run has shown, in words. @param {import("./comparison.js").Came} came */
  #finding({ epochs, restored }) {
    const { loss, valLoss } = epochs[(restored ?? epochs.length) - 1];
    const losses = { loss: loss.toFixed(3), valLoss: valLoss.toFixed(3) };
    return words.finding({ epochs: epochs.length, best: bestEpoch(epochs), restored, ...losses });
  }

  /** Those that work with the data: images of other sizes than a digit's are not bent. */
  get #remedies() {
    const { shape } = this.#data.current?.training ?? {};
    return REMEDIES.filter((name) => name !== "augments" || !shape || isDrawable(shape));
  }

  /** The settings differ from the run's, which stays in the comparison only. */
  #leave() {
    this.told = "";
    return this.#learner.leave();
  }

  async #train() {
    if (this.run && this.run.state === "paused") return void this.run.start();
    await this.#leave();
    await this.#learner.build(
      async (engine, data) => {
        const { training, validation } = data;
        const own = /** @type {KerasConfig | undefined} */ (await configOf(this.session, this.network));
        if (!own) return;
        const network = fitted(own, data);
        this.fits = fittedWords(own, data);
        const { seed, count, epochs } = this;
        const remedies = new Set(this.#remedies.filter((name) => this.chosen.has(name)));
        const examples = { training: first(training, count), validation: first(validation, VALIDATION) };
        const settings = { count, epochs, seed, remedies };
        const trial = await Trial.of(engine, network, examples, settings, () => {
          if (trial !== this.#learner.current) return;
          this.#comparison.note(this.#place, trial.came);
          this.requestUpdate();
        });
        return trial;
      },
      ({ run }) => {
        if (this.recorded) this.#comparison = new Comparison(MOST_RUNS);
        this.recorded = false;
        this.#place = this.#comparison.begin(
          titleOfRun(
            this.count,
            this.#remedies.filter((name) => this.chosen.has(name)),
          ),
        );
        void run.start();
      },
    );
  }

  /** @template {"count" | "epochs" | "seed"} Name @param {Name} name */
  #set(name) {
    return (/** @type {string | number} */ value) => {
      this[name] = Number(value);
      void this.#leave();
    };
  }

  /** @param {string} network its name */
  #setNetwork = (network) => {
    this.network = network;
    void this.#leave();
  };

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
          text: "Network",
          value: this.network,
          options: networkOptions(this.session, this.network),
          change: this.#setNetwork,
        })}
        ${choiceField({
          text: "Images to learn",
          value: String(this.count),
          options: COUNTS.map((one) => ({ value: String(one), text: counted(one) })),
          change: this.#set("count"),
        })}
        ${numberField({ text: "Epochs", value: this.epochs, min: 1, max: 500, whole: true, change: this.#set("epochs") })}
        ${numberField({ text: "Seed", value: this.seed, max: 4294967295, whole: true, change: this.#set("seed") })}
        ${this.#remedies.map((name) =>
          switchField({
            ...words.REMEDY_WORDS[name],
            checked: this.chosen.has(name),
            change: (on) => this.#switch(name, on),
          }),
        )}
      </form>
    `;
  }

  #controls() {
    const { run, building } = this;
    const ready = this.#data.current;
    return html`
      <div class="row">
        ${
          run?.state === "running"
            ? html`<button @click=${() => run.pause()}>Pause</button>`
            : html`<button ?disabled=${building || !ready} @click=${this.#train}>Train</button>`
        }
        <progress max="1" .value=${run ? run.step / run.totalSteps : 0} aria-label="Training"></progress>
        <span class="quiet" role="status" aria-label="Overfitting">${this.told}</span>
        ${this.recorded ? html`<span class="quiet">${words.recordedRuns(titleOf(this.session, DEFAULTS.network), recorded.data)}</span>` : nothing}
      </div>
      ${run?.problem ? html`<p class="problem" role="alert">${run.problem}</p>` : nothing}
    `;
  }

  /** The result that is on view alone. */
  get #current() {
    return this.#comparison.results.find(({ place }) => place === this.#place);
  }

  #curves() {
    const { dark } = this;
    const current = this.#current;
    const { epochs = [], restored } = current ?? {};
    const x = epochs.map((_, index) => index + 1);
    const best = bestEpoch(epochs);
    const marks = epochs.length
      ? [{ x: restored ?? best, text: restored ? words.restoredMark(restored) : words.bestMark(best) }]
      : [];
    const parts = (
      /** @type {"loss" | "accuracy"} */ training,
      /** @type {"valLoss" | "valAccuracy"} */ validation,
    ) => [
      { label: "training", line: "training", x, y: epochs.map((epoch) => epoch[training]) },
      { label: "validation", line: "validation", x, y: epochs.map((epoch) => epoch[validation]) },
    ];
    const all = this.#comparison.results.map(({ place, title, epochs }) => ({
      label: title,
      line: `line-${place}`,
      x: epochs.map((_, index) => index + 1),
      y: epochs.map(({ valLoss }) => valLoss),
    }));
    const title = current ? `: ${current.title}` : "";
    return html`
      <div class="curves">
        <convscope-curves
          .caption=${`${words.LOSS}${title}`}
          .unit=${"epoch"}
          .dark=${dark}
          .reach=${this.epochs}
          .marks=${marks}
          .lines=${parts("loss", "valLoss")}
        ></convscope-curves>
        <convscope-curves
          .caption=${`${words.ACCURACY}${title}`}
          .unit=${"epoch"}
          .percent=${true}
          .dark=${dark}
          .reach=${this.epochs}
          .marks=${marks}
          .lines=${parts("accuracy", "valAccuracy")}
        ></convscope-curves>
        <convscope-curves
          .caption=${words.ALL}
          .unit=${"epoch"}
          .dark=${dark}
          .reach=${this.epochs}
          .lines=${all}
        ></convscope-curves>
      </div>
    `;
  }

  /** What the network on view has memorised, once it is trained. */
  #digits() {
    const data = this.#data.current;
    const { wrong = [], epochs = [], restored } = this.#current ?? {};
    const { accuracy } = epochs[(restored ?? epochs.length) - 1] ?? {};
    if (!data || (this.recorded && data.title !== recorded.data)) return nothing;
    return html`<convscope-memorised
      .training=${first(data.training, this.count)}
      .validation=${first(data.validation, VALIDATION)}
      .wrong=${wrong}
      .accuracy=${accuracy ?? 0}
      .classes=${data.classes}
      .dark=${this.dark}
    ></convscope-memorised>`;
  }

  #table() {
    const { results } = this.#comparison;
    return html`
      <div class="scroll" ?hidden=${results.length === 0}>
        <table>
          <thead>
            <tr>
              ${words.COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}
              <td></td>
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
  #row({ place, title, epochs, restored }) {
    const shown = epochs[(restored ?? epochs.length) - 1];
    const best = bestEpoch(epochs);
    const cells = shown
      ? [
          epochs.length,
          restored ?? epochs.length,
          shown.loss.toFixed(3),
          shown.valLoss.toFixed(3),
          (shown.valLoss - shown.loss).toFixed(3),
          Math.abs(shown.penalty) < 5e-4 ? "–" : shown.penalty.toFixed(3),
          percent(shown.accuracy),
          percent(shown.valAccuracy),
          words.lowest(epochs[best - 1].valLoss.toFixed(3), best),
        ]
      : words.COLUMNS.slice(1).map(() => "–");
    return html`
      <tr>
        <th scope="row">
          <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="line line-${place}" d="M0 4H26" /></svg
          >${title}
        </th>
        ${cells.map((cell) => html`<td>${cell}</td>`)}
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
    return html`
      <div class="view">
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${words.LESSON}></convscope-lesson>
        <convscope-data-summary ?hidden=${this.hides("about")}></convscope-data-summary>
        <p class="quiet" role="status" aria-label="Fit">${this.fits}</p>
        <div ?hidden=${this.hides("controls")}>${this.#settings()}</div>
        ${this.#controls()} ${this.#curves()} ${this.#table()}
        <p class="quiet small" ?hidden=${this.hides("about")}>${words.MEASURED}</p>
        ${this.#digits()}
      </div>
    `;
  }
}

/** @param {number} count @param {string[]} remedies by their names */
function titleOfRun(count, remedies) {
  const names = remedies.map((name) => words.REMEDY_WORDS[/** @type {Remedy} */ (name)].text);
  return words.runTitle(counted(count), names);
}

customElements.define("convscope-overfitting", OverfittingView);
