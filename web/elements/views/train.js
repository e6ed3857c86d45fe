import { css, html, nothing } from "lit";
import { generated } from "../../data/generated.js";
import { varied } from "../../training/architecture.js";
import { keepRun, keptRun } from "../../training/kept-run.js";
import { Run } from "../../training/run.js";
import { NetworkView } from "../network-view.js";
import { counted } from "../numbers.js";
import { pageEngine } from "../page-engine.js";
import { base } from "../theme.js";
import "../confusion-matrix.js";
import "../curves.js";
import "../model-choice.js";
import "../pad.js";
import "../prediction.js";
import "../regularization-settings.js";
import "../training-settings.js";
import "../wrong-gallery.js";

/** @typedef {import("../../convscope.js").LabelledImages} Examples */
/** @typedef {import("../../training/kept-run.js").KeptRun} KeptRun */
/** @typedef {import("../regularization-settings.js").RegularizationSettings} RegularizationSettings */
/** @typedef {import("../training-settings.js").TrainingSettings} TrainingSettings */

const TRAINING = { count: 20_000, seed: 1 };
const VALIDATION = { count: 2_000, seed: 2 };
const NO_COUNTS = new Uint32Array();
/** @type {import("../../training/run.js").Wrong[]} */
const NONE_WRONG = [];
/** How often the kernels are read while they change, in milliseconds. */
const KERNELS_EVERY = 200;

/** The digits of a page, which all its views learn. @type {Promise<{ training: Examples, validation: Examples }> | undefined} */
let digits;

/** @param {(part: number) => void} progress */
function pageDigits(progress) {
  const total = TRAINING.count + VALIDATION.count;
  digits ??= (async () => {
    const engine = await pageEngine();
    const validation = await generated(engine, VALIDATION, (done) => progress(done / total));
    const training = await generated(engine, TRAINING, (done) => progress((VALIDATION.count + done) / total));
    return { training, validation };
  })();
  digits.catch(() => (digits = undefined));
  return digits;
}

/** @param {number} seconds */
function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** A network that learns from random weights on, with the drawn digit read by it all the while. */
export class TrainView extends NetworkView {
  static properties = { run: { state: true }, kept: { state: true }, cell: { state: true }, drawn: { state: true }, told: { state: true } };

  static styles = [
    base,
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
        flex: 1 1 100px;
        min-width: 60px;
        max-width: 320px;
        accent-color: var(--accent);
      }
      .controls {
        padding-top: 10px;
        border-top: 1px solid var(--hairline);
      }
      .problem {
        color: var(--alarm);
      }
      .body {
        display: grid;
        grid-template:
          "pad figure prediction" auto
          "detail detail detail" auto / clamp(196px, 15.3vw, 280px) minmax(0, 1fr) 144px;
        align-items: start;
        gap: 20px 24px;
      }
      .prediction {
        grid-area: prediction;
      }
      convscope-network-figure {
        grid-area: figure;
      }
      convscope-map-detail {
        grid-area: detail;
        min-width: 0;
      }
      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr));
        align-items: start;
        gap: 16px 28px;
      }
      .past input {
        flex: 1 1 160px;
        max-width: 420px;
      }
      table {
        border-collapse: collapse;
      }
      .epochs th,
      .epochs td {
        padding: 2px 10px 2px 0;
        text-align: right;
        font-weight: 400;
      }
      .scroll {
        overflow-x: auto;
      }
      .mistakes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 350px), 1fr));
        align-items: start;
        gap: 16px 28px;
      }
      @media (max-width: 860px) {
        .body {
          grid-template:
            "pad prediction" auto
            "figure figure" auto
            "detail detail" auto / minmax(0, 260px) minmax(124px, 1fr);
          gap: 16px;
        }
      }
    `,
  ];

  /** @type {TrainingSettings["settings"] | undefined} */
  #settings;
  #readAt = 0;
  /** The network of the catalogue, as Keras writes it. @type {import("../../convscope.js").KerasConfig | undefined} */
  #network;
  /** What the run learns: the network as it is varied. @type {object | undefined} */
  #config;
  /** Counts what was asked for, so that only the last run is built. */
  #wanted = 0;

  constructor() {
    super();
    /** @type {Run | undefined} */
    this.run = undefined;
    /** @type {Examples | undefined} */
    this.validation = undefined;
    /** What a reload or the closing of the page has interrupted. @type {KeptRun | undefined} */
    this.kept = undefined;
    /** Of the digits to learn, how many are drawn, 0 to 1. */
    this.drawn = 0;
    /** The kind of mistake that is looked at. @type {import("../wrong-gallery.js").Cell | undefined} */
    this.cell = undefined;
    /** What a screen reader is told, once an epoch. */
    this.told = "";
    this.seed = 0;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    void this.run?.pause();
  }

  /** @param {import("../session.js").Kind} kind */
  changed(kind) {
    if (kind !== "model") return;
    this.requestUpdate();
    if (this.session?.shown && !this.session.shown.learning) void this.#begin();
  }

  firstUpdated() {
    if (this.session?.shown) void this.#begin();
  }

  /**
   * Builds a run of the network on view, from random weights.
   *
   * @param {KeptRun} [kept] the run to go on with instead
   */
  async #begin(kept) {
    const { session } = this;
    if (!session) return;
    const wanted = ++this.#wanted;
    try {
      const before = this.run;
      if (!session.shown?.learning) this.#network = await session.config;
      const network = this.#network;
      const engine = await pageEngine();
      const { training, validation } = await pageDigits((part) => (this.drawn = part));
      this.drawn = 1;
      await this.updateComplete;
      this.#settings ??= this.#form?.settings;
      if (wanted !== this.#wanted || !network || !this.#settings) return;
      const config = kept?.config ?? varied(network, this.#regularization?.variation ?? {});
      const run = new Run({ engine, config, seed: this.seed, training, validation, settings: this.#settings });
      await run.prepare();
      if (kept) await run.takeUp(kept.record);
      else if (!before) await this.#lookBack();
      if (wanted !== this.#wanted || !run.model) return void (await run.close());
      for (const kind of ["progress", "snapshot", "epoch", "state"]) run.addEventListener(kind, this);
      this.run = run;
      this.validation = validation;
      this.#config = config;
      await session.follow(run.model);
      await before?.close();
    } catch (error) {
      session.report({ message: /** @type {Error} */ (error).message, code: "training", retry: () => void this.#begin() });
    }
  }

  /** Where this page keeps the run of the model on view. */
  get #key() {
    return `${location.pathname} ${this.session?.shown?.name}`;
  }

  async #lookBack() {
    const kept = await keptRun(this.#key);
    this.kept = kept?.examples === TRAINING.count ? kept : undefined;
  }

  /** Keeps the run as it is, or forgets it where there is nothing to lose. @param {Run} run */
  #keep(run) {
    const { seed } = this;
    const variation = this.#regularization?.variation ?? {};
    const config = this.#config;
    const { record, settings } = run;
    const worth = record && config && run.step > 0 && run.state !== "finished";
    void keepRun(this.#key, worth ? { seed, config, variation, settings, record, examples: TRAINING.count } : undefined);
  }

  /** @param {KeptRun} kept */
  async #goOn(kept) {
    this.kept = undefined;
    this.seed = kept.seed;
    if (this.#form) this.#form.settings = kept.settings;
    if (this.#regularization) {
      this.#regularization.variation = kept.variation;
      this.#regularization.earlyStopping = kept.settings.earlyStopping;
    }
    this.#settings = kept.settings;
    await this.#begin(kept);
    await this.run?.start();
  }

  #startAnew() {
    this.kept = undefined;
    void keepRun(this.#key, undefined);
  }

  get #form() {
    return /** @type {TrainingSettings | null} */ (this.renderRoot.querySelector("convscope-training-settings"));
  }

  get #regularization() {
    return /** @type {RegularizationSettings | null} */ (this.renderRoot.querySelector("convscope-regularization-settings"));
  }

  /** @param {Event} event of the session or of the run */
  handleEvent(event) {
    if (event.target !== this.run) return super.handleEvent(event);
    const { run, session } = this;
    if (!run || !session) return;
    if (event.type === "snapshot" || (event.type === "state" && run.state !== "running")) this.#keep(run);
    this.requestUpdate();
    if (event.type === "snapshot") return;
    if (run.state === "running") this.kept = undefined;
    session.learnt();
    if (event.type !== "progress" || performance.now() - this.#readAt > KERNELS_EVERY) {
      this.#readAt = performance.now();
      void session.readWeights();
    }
    const last = run.epochs.at(-1);
    if (event.type === "epoch" && last) {
      this.told = `Epoch ${last.epoch}: validation accuracy ${(100 * last.valAccuracy).toFixed(1)} %`;
      const detail = { epoch: last.epoch, loss: last.loss, accuracy: last.accuracy, valLoss: last.valLoss, valAccuracy: last.valAccuracy };
      this.dispatchEvent(new CustomEvent("convscope-epoch", { detail, bubbles: true, composed: true }));
    }
  }

  async #restart() {
    const form = this.#form;
    if (!form) return;
    this.#settings = { ...form.settings, earlyStopping: this.#regularization?.earlyStopping };
    this.seed = form.seed;
    await this.#begin();
  }

  /** @param {Event} event */
  async #return(event) {
    const snapshot = this.run?.snapshots.all[Number(/** @type {HTMLInputElement} */ (event.target).value)];
    if (!snapshot || !this.run?.model) return;
    await this.run.show(snapshot);
  }

  #controls() {
    const { run } = this;
    const running = run?.state === "running";
    const idle = !run || running || run.state === "finished";
    const share = run ? run.step / run.totalSteps : 0;
    const left = run && running ? duration(run.timeLeft) : "";
    return html`
      <div class="row controls">
        ${
          running
            ? html`<button @click=${() => run.pause()}>Pause</button>`
            : html`<button ?disabled=${idle} @click=${() => run?.start()}>Train</button>`
        }
        <button ?disabled=${idle} @click=${() => run?.stepOnce()}>Step</button>
        <button ?disabled=${idle} @click=${() => run?.finishEpoch()}>One epoch</button>
        <button ?disabled=${!run || run.step === 0} @click=${() => run?.reset()}>Reset</button>
        <progress max="1" .value=${share} aria-label="Training"></progress>
        <span class="quiet">
          ${run ? html`step ${counted(run.step)} of ${counted(run.totalSteps)}` : nothing}
          ${run?.speed ? html` · ${counted(Math.round(run.speed / 10) * 10)} images/s` : nothing} ${left ? html` · ${left} left` : nothing}
        </span>
      </div>
    `;
  }

  #data() {
    const { drawn } = this;
    if (drawn < 1) {
      return html`<p class="row">
        Drawing ${counted(TRAINING.count)} digits to learn from…
        <progress max="1" .value=${drawn} aria-label="Digits drawn"></progress>
      </p>`;
    }
    return html`<p class="quiet">
      It begins with random weights and learns ${counted(TRAINING.count)} digits that this page has generated, pen stroke by pen
      stroke; ${counted(VALIDATION.count)} others, which it never learns from, are the validation set.
    </p>`;
  }

  #interrupted() {
    const { kept } = this;
    if (!kept) return nothing;
    const { step, epoch } = kept.record.snapshot;
    return html`
      <p class="row" role="status" aria-label="Training was interrupted">
        <span>Training was interrupted after step ${counted(step)}, in epoch ${epoch + 1} of ${kept.settings.epochs}.</span>
        <button @click=${() => this.#goOn(kept)}>Go on</button>
        <button @click=${this.#startAnew}>Start anew</button>
      </p>
    `;
  }

  #past() {
    const { run } = this;
    const all = run?.snapshots.all ?? [];
    if (!run || run.state === "running" || all.length < 2) return nothing;
    const shown = run.shown ?? all[all.length - 1];
    return html`
      <div class="row past">
        <label for="past">Time machine</label>
        <input
          id="past"
          type="range"
          min="0"
          max=${all.length - 1}
          .value=${String(all.indexOf(shown))}
          aria-valuetext="step ${shown.step}"
          @input=${this.#return}
        />
        <span class="quiet">after step ${counted(shown.step)}${shown.metrics ? `, epoch ${shown.epoch}` : ""}</span>
        <button ?disabled=${shown === all[all.length - 1]} @click=${() => run.resume(shown)}>Go on from here</button>
      </div>
    `;
  }

  #curves() {
    const { run, dark } = this;
    const { steps = [], loss = [], accuracy = [] } = run?.curve ?? {};
    const epochs = run?.epochs ?? [];
    const x = epochs.map(({ step }) => step);
    /** @param {number[]} trained @param {number[]} validated */
    const lines = (trained, validated) => [
      { label: "training", dashed: false, x: [...steps], y: [...trained] },
      { label: "validation", dashed: true, x, y: validated },
    ];
    return html`
      <div class="curves">
        <convscope-curves .caption=${"Loss"} .dark=${dark} .lines=${lines(loss, epochs.map(({ valLoss }) => valLoss))}></convscope-curves>
        <convscope-curves
          .caption=${"Accuracy"}
          .percent=${true}
          .dark=${dark}
          .lines=${lines(accuracy, epochs.map(({ valAccuracy }) => valAccuracy))}
        ></convscope-curves>
      </div>
    `;
  }

  #epochs() {
    const { run } = this;
    const epochs = run?.epochs ?? [];
    const metrics = run?.shown ? run.shown.metrics : epochs.at(-1);
    return html`
      <div class="mistakes" ?hidden=${!metrics}>
        <div class="scroll">
          <convscope-confusion-matrix
            .counts=${metrics?.confusion ?? NO_COUNTS}
            .cell=${this.cell}
            @convscope-cell=${(/** @type {CustomEvent} */ { detail }) => (this.cell = detail ?? undefined)}
          ></convscope-confusion-matrix>
        </div>
        <convscope-wrong-gallery
          .wrong=${metrics?.wrong ?? NONE_WRONG}
          .examples=${this.validation}
          .cell=${this.cell}
          .dark=${this.dark}
          @convscope-all=${() => (this.cell = undefined)}
        ></convscope-wrong-gallery>
      </div>
      <details ?hidden=${epochs.length === 0}>
        <summary>Epochs as a table</summary>
        <div class="scroll">
          <table class="epochs">
            <thead>
              <tr>
                ${["epoch", "loss", "accuracy", "validation loss", "validation accuracy", "seconds"].map((name) => html`<th scope="col">${name}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${epochs.map(
                (one) => html`
                  <tr>
                    <th scope="row">${one.epoch}</th>
                    <td>${one.loss.toFixed(4)}</td>
                    <td>${(100 * one.accuracy).toFixed(2)} %</td>
                    <td>${one.valLoss.toFixed(4)}</td>
                    <td>${(100 * one.valAccuracy).toFixed(2)} %</td>
                    <td>${one.seconds.toFixed(1)}</td>
                  </tr>
                `,
              )}
            </tbody>
          </table>
        </div>
      </details>
    `;
  }

  render() {
    const { session, dark } = this;
    if (!session) return;
    return html`
      <div class="view">
        <convscope-model-choice .session=${session} .fixed=${this.hides("model")} ?hidden=${this.hides("about")}></convscope-model-choice>
        <div ?hidden=${this.hides("about")}>${this.#data()}</div>
        ${this.#interrupted()} ${this.#controls()}
        <convscope-training-settings
          ?hidden=${this.hides("controls")}
          .seed=${this.seed}
          .examples=${TRAINING.count}
          @change=${this.#restart}
          @convscope-rate=${(/** @type {CustomEvent<{ rate: number }>} */ { detail }) => this.run?.setLearningRate(detail.rate)}
        ></convscope-training-settings>
        <convscope-regularization-settings
          ?hidden=${this.hides("controls")}
          @change=${this.#restart}
        ></convscope-regularization-settings>
        <p class="problem" role="alert">${this.run?.problem ?? ""}</p>
        <p class="unseen" role="status" aria-label="Training">${this.told}</p>
        ${this.#curves()} ${this.#past()}
        <div class="body" @keydown=${this.closeOnEscape}>
          <convscope-pad .session=${session} .dark=${dark} .buttons=${!this.hides("buttons")}></convscope-pad>
          ${this.figure({ weights: !this.hides("weights") })}
          <div class="prediction" ?hidden=${this.hides("prediction")}>
            <convscope-prediction .session=${session} .dark=${dark}></convscope-prediction>
          </div>
          ${this.detail()}
        </div>
        ${this.#epochs()}
      </div>
    `;
  }
}

customElements.define("convscope-train", TrainView);
