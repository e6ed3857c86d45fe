import { css, html, nothing } from "lit";
import { first } from "../../data/split.js";
import { fitted, fittedWords } from "../../training/fitted.js";
import { AXES } from "../../training/axis.js";
import { Race } from "../../training/race.js";
import { choiceField, fieldStyles, numberField, switchField, unsent } from "../../ui/fields.js";
import { Following } from "../../ui/following.js";
import { counted } from "../../ui/counted.js";
import { followRace } from "../../runs/follow-race.js";
import { Learner } from "../../runs/learner.js";
import { LeftView } from "../../runs/left-view.js";
import { lineStyles } from "../../runs/lines.js";
import { pageData } from "../../session/page-data.js";
import { chosenNetwork, configOf, networkOptions, titleOf } from "../../runs/quick-networks.js";
import { smoothLosses } from "../../runs/race-curves.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { percent } from "../../ui/numbers.js";
import { DIVERGES, failed } from "../../runs/words.js";
import { DEFAULTS, SEED, entryOf, isBatches, lanesOf } from "./experiment.js";
import recorded from "./recorded.json";
import * as words from "./words.js";
import "../../runs/data-summary.js";
import "../../runs/race-controls.js";
import "../../ui/lesson.js";

/** @typedef {import("../../training/race.js").Runner} Runner */
/** @typedef {import("../../training/recorded.js").ShownRun} ShownRun */
/** @typedef {import("./experiment.js").Lane} Lane */
/** @typedef {import("./experiment.js").Subject} Subject */

const COUNTS = [500, 1_000, 2_000, 5_000, 20_000];

/** What differs between the runners. @type {{ value: Subject, text: string }[]} */
const SUBJECTS = [
  { value: "optimizers", text: "optimisers" },
  { value: "batches", text: "batch sizes" },
];

/** One network trained several times side by side, by optimisers or batch sizes, from one start and in one order. */
export class RaceView extends View {
  static properties = {
    subject: { state: true },
    lanes: { state: true },
    oneRate: { state: true },
    network: { state: true },
    count: { state: true },
    epochs: { state: true },
    fits: { state: true },
    seed: { state: true },
    differs: { state: true },
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
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      .problem {
        color: var(--alarm);
      }
    `,
  ];

  #data = pageData();
  /** @type {Learner<Race>} */
  #learner = new Learner(this);
  #left = new LeftView(this, () => {
    const race = this.building ? undefined : this.race;
    return { race, data: this.#data.current, settings: settingsOf(this) };
  });

  constructor() {
    super();
    /** @type {Subject} */
    this.subject = "optimizers";
    /** @type {Lane[]} */
    this.lanes = [];
    /** Whether all batch sizes learn at the rate of the one in the middle. */
    this.oneRate = false;
    /** The name of one of the networks, or "on view". */
    this.network = "";
    /** How many examples they learn. */
    this.count = 0;
    this.epochs = 0;
    this.seed = SEED;
    /** What of the network was made to fit the data, in words. */
    this.fits = "";
    /** Whether a setting is no longer what it was in the recorded run. */
    this.differs = false;
    /** @type {import("../../training/axis.js").Axis} */
    this.axis = "examples";
    this.logarithmic = false;
    this.#open("optimizers");
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

  leave() {
    // What is there already is for when somebody comes back.
    if (this.building) void this.#learner.leave();
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    this.requestUpdate();
    if (kind !== "model") return;
    this.#follow();
    void this.#build();
  }

  firstUpdated() {
    const left = this.#left.take();
    const isOther = left?.data !== this.#data.current;
    if (left) Object.assign(this, left.settings);
    const { network } = this;
    this.#follow();
    this.#learner.current = left?.race;
    if (!left?.race || isOther || network !== this.network) void this.#build();
  }

  /** Takes the network on view where it was chosen. */
  #follow() {
    const network = chosenNetwork(this.session);
    if (network && network !== this.network) Object.assign(this, { network, differs: true });
  }

  /** Sets everything as a comparison opens. @param {Subject} subject */
  #open(subject) {
    const { network, count, epochs } = DEFAULTS[subject];
    const lanes = lanesOf(subject);
    Object.assign(this, { subject, lanes, network, count, epochs, seed: SEED, oneRate: false, differs: false });
    // Batch sizes come to losses of several powers of ten, and the noise of the smallest is seen there.
    this.logarithmic = isBatches(subject);
  }

  /** Builds the runners; the race before is over. */
  #build() {
    return this.#learner.build(async (engine, data) => {
      const { training, validation } = data;
      const network = await configOf(this.session, this.network);
      if (!network) return;
      const config = fitted(network, data);
      this.fits = fittedWords(network, data);
      const learnt = first(training, this.count);
      const settings = { examples: learnt.labels.length, epochs: this.epochs };
      const entries = this.lanes.filter(({ on }) => on).map((lane) => entryOf(lane, config, settings));
      const race = new Race({ engine, seed: this.seed, training: learnt, validation, entries });
      await race.prepare();
      return race;
    });
  }

  /** @param {string} chosen */
  #setSubject = (chosen) => {
    this.#open(isBatches(chosen) ? "batches" : "optimizers");
    this.#follow();
    void this.#build();
  };

  /** @param {boolean} oneRate */
  #setOneRate = (oneRate) => {
    this.oneRate = oneRate;
    this.lanes = lanesOf(this.subject, oneRate);
    void this.#build();
  };

  /** @param {Lane} lane @param {Partial<Lane>} change */
  #change(lane, change) {
    this.lanes = this.lanes.map((one) => (one === lane ? { ...lane, ...change } : one));
    if ("rate" in change) this.differs = true;
    void this.#build();
  }

  /** @template {"count" | "epochs" | "seed" | "network"} Name @param {Name} name @param {(value: any) => RaceView[Name]} read */
  #set(name, read) {
    return (/** @type {string | number} */ value) => {
      Object.assign(this, { [name]: read(value), differs: true });
      void this.#build();
    };
  }

  /** The recorded runs, while nothing else was asked for. @returns {Record<string, ShownRun> | undefined} */
  get #recorded() {
    const { race, differs, oneRate, subject } = this;
    const title = this.#data.current?.title ?? recorded.data;
    if (differs || title !== recorded.data || race?.running || race?.runners.some(({ run }) => run.step > 0)) return;
    return recorded[oneRate ? "oneRate" : subject];
  }

  /** @returns {{ lane: Lane, run: ShownRun | undefined }[]} */
  get #pairs() {
    const recorded = this.#recorded;
    return this.lanes.map((lane) => {
      const run = recorded ? recorded[lane.name] : this.race?.runners.find(({ name }) => name === lane.name)?.run;
      return { lane, run: lane.on ? run : undefined };
    });
  }

  #settings() {
    const { subject, network, count, epochs, seed, axis, logarithmic, oneRate } = this;
    const axes = this.#recorded ? AXES.filter(({ value }) => value !== "seconds") : AXES;
    return html`
      <form @submit=${unsent}>
        ${choiceField({ text: "Compare", value: subject, options: SUBJECTS, change: this.#setSubject })}
        ${
          isBatches(subject)
            ? switchField({
                text: words.ONE_RATE,
                title: words.ONE_RATE_TITLE,
                checked: oneRate,
                change: this.#setOneRate,
              })
            : nothing
        }
        ${choiceField({ text: "Network", value: network, options: networkOptions(this.session, network), change: this.#set("network", String) })}
        ${choiceField({
          text: "Examples",
          value: String(count),
          options: COUNTS.map((one) => ({ value: String(one), text: counted(one) })),
          change: this.#set("count", Number),
        })}
        ${numberField({ text: "Epochs", value: epochs, min: 1, max: 500, whole: true, change: this.#set("epochs", Number) })}
        ${numberField({ text: "Seed", value: seed, max: 4294967295, whole: true, change: this.#set("seed", Number) })}
        ${choiceField({
          text: "Loss by",
          value: axis,
          options: axes,
          change: (chosen) => (this.axis = AXES.find(({ value }) => value === chosen)?.value ?? "examples"),
        })}
        ${switchField({ text: "logarithmic", checked: logarithmic, change: (chosen) => (this.logarithmic = chosen) })}
      </form>
    `;
  }

  #table() {
    const names = [words.COLUMNS[this.subject], ...words.COLUMNS.rest];
    return html`
      <div class="scroll">
        <table>
          <thead>
            <tr>
              ${names.map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.#pairs.map(({ lane, run }) => this.#row(lane, run))}
          </tbody>
        </table>
      </div>
    `;
  }

  /** @param {Lane} lane @param {ShownRun | undefined} run */
  #row(lane, run) {
    const seconds = run?.curve.seconds.length ? run.seconds.toFixed(1) : "–";
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
        <td>${run?.diverged ? DIVERGES : loss === undefined ? "–" : loss.toFixed(3)}</td>
        <td>${accuracy === undefined ? "–" : percent(accuracy)}</td>
        <td>${seconds}</td>
      </tr>
    `;
  }

  #problems() {
    const problems = this.#pairs.flatMap(({ lane, run }) => (run?.problem ? [failed(lane.title, run.problem)] : []));
    return problems.length ? html`<p class="problem" role="alert">${problems.join(" ")}</p>` : nothing;
  }

  render() {
    const { subject, oneRate } = this;
    const recording = this.#recorded;
    const network = titleOf(this.session, this.network);
    return html`
      <div class="view">
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${words.LESSONS[subject]}></convscope-lesson>
        <convscope-data-summary ?hidden=${this.hides("about")}></convscope-data-summary>
        <p class="quiet" role="status" aria-label="Fit">${this.fits}</p>
        <div ?hidden=${this.hides("controls")}>${this.#settings()}</div>
        <div class="row">
          <convscope-race-controls .race=${this.race} .waiting=${this.building}></convscope-race-controls>
          ${recording ? html`<p class="quiet">${words.recordedRun(network, recorded.data)}</p>` : nothing}
        </div>
        ${this.#problems()}
        <convscope-race-curves
          .race=${this.race}
          .recorded=${recording}
          .noise=${isBatches(subject)}
          .lanes=${this.lanes.filter(({ on }) => on)}
          .axis=${recording && this.axis === "seconds" ? "examples" : this.axis}
          .logarithmic=${this.logarithmic}
          .dark=${this.dark}
        ></convscope-race-curves>
        ${this.#table()}
        <p class="quiet small" ?hidden=${this.hides("about")}>
          ${oneRate ? words.ONE_RATE_NOTE : words.RATES[subject]}
        </p>
      </div>
    `;
  }
}

/** What somebody has set. @param {RaceView} view */
function settingsOf({ subject, lanes, oneRate, network, count, epochs, seed, differs, axis, logarithmic }) {
  return { subject, lanes, oneRate, network, count, epochs, seed, differs, axis, logarithmic };
}

customElements.define("convscope-race", RaceView);
