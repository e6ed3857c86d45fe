import { css, html, nothing } from "lit";
import { SIDE, isDrawable } from "../../data/image-size.js";
import { fitted, fittedWords } from "../../training/fitted.js";
import { Keeping } from "../../training/keeping.js";
import { RUN_EVENTS, Run } from "../../training/run.js";
import { NetworkView } from "../../network/network-view.js";
import { counted } from "../../ui/counted.js";
import { pageData } from "../../session/page-data.js";
import { problemOf } from "../../session/problem.js";
import { Learner } from "../../runs/learner.js";
import { Following } from "../../ui/following.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import "../../runs/data-summary.js";
import { keptTraining } from "./kept-training.js";
import * as words from "./words.js";
import "./drawing-loss.js";
import "./learning-curves.js";
import "./mistakes.js";
import "../../network/model-choice.js";
import "../../network/pad.js";
import "../../network/prediction.js";
import "./regularization-settings.js";
import "./run-controls.js";
import "./test-measure.js";
import "./time-machine.js";
import "./training-settings.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../data/choice.js").DataSet} DataSet */
/** @typedef {import("../../training/kept-run.js").KeptRun} KeptRun */
/** @typedef {import("./regularization-settings.js").RegularizationSettings} RegularizationSettings */
/** @typedef {import("./training-settings.js").TrainingSettings} TrainingSettings */

/**
 * Frees a model of no run any more once the session shows another.
 * @param {import("../../session/session.js").Session} session
 * @param {import("../../convscope.js").RemoteModel} model
 */
function freeOnceReplaced(session, model) {
  const free = () => {
    if (session.model === model) return;
    session.removeEventListener("model", free);
    void model.free();
  };
  session.addEventListener("model", free);
}

/** A network that learns from random weights on, with the drawn digit read by it all the while. */
export class TrainView extends NetworkView {
  static properties = {
    data: { state: true },
    told: { state: true },
  };

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
      convscope-run-controls {
        padding-top: 10px;
        border-top: 1px solid var(--hairline);
      }
      .problem {
        color: var(--alarm);
      }
      .stage {
        display: grid;
        grid-template:
          "pad prediction curves" auto
          "pad loss curves" 1fr / clamp(190px, 15.3vw, 230px) 150px minmax(0, 1fr);
        align-items: start;
        gap: 4px 24px;
      }
      .prediction {
        grid-area: prediction;
      }
      convscope-pad {
        grid-area: pad;
      }
      convscope-drawing-loss {
        grid-area: loss;
      }
      convscope-learning-curves {
        grid-area: curves;
        min-width: 0;
      }
      .about {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 24px;
      }
      .untrained {
        visibility: hidden;
      }
      @media (max-width: 860px) {
        .view {
          gap: 6px;
        }
        .stage {
          grid-template:
            "pad prediction" auto
            "loss prediction" 1fr
            "curves curves" auto / minmax(0, 200px) minmax(124px, 1fr);
          gap: 8px 16px;
        }
        convscope-learning-curves {
          --chart-height: 130px;
        }
      }
    `,
  ];

  #pageData = pageData();
  #keeping = new Keeping();
  /** The network of the catalogue, as Keras writes it. @type {import("../../convscope.js").KerasConfig | undefined} */
  #network;
  /** What the run learns: the network as it is varied. @type {object | undefined} */
  #config;
  /** @type {Learner<Run>} */
  #learner = new Learner(this);
  /** Resolves when the session shows the run's network. @type {Promise<void> | undefined} */
  #following;

  constructor() {
    super();
    /** What the run learns from. @type {DataSet | undefined} */
    this.data = undefined;
    /** What a screen reader is told, once an epoch. */
    this.told = "";
    this.seed = 0;
    new Following(
      this,
      ["change"],
      () => this.#pageData,
      () => this.#dataChanged(),
    );
    new Following(this, ["change"], () => this.#keeping);
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

  /** Whether a run is on its way that will take the place of the one on view. */
  get building() {
    return this.#learner.building;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    const { run } = this;
    if (run?.state !== "running") return;
    // What it has learnt on its last steps is kept, and stays on view elsewhere.
    void run.pause().then(() => {
      void this.#keep(run);
      this.#learnt();
    });
  }

  async leave() {
    const learns = this.run?.state === "running" && this.run;
    await this.run?.pause();
    if (learns) {
      void this.#keep(learns);
      this.#learnt();
    }
    await this.#following;
    const { run, session } = this;
    // The network that it has trained stays on view.
    if (run?.model && session?.model === run.model) {
      freeOnceReplaced(session, run.model);
      run.releaseModel();
    }
    await this.#learner.leave();
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind !== "model") return;
    this.requestUpdate();
    if (this.session?.shown && !this.session.shown.learning) void this.#begin();
  }

  firstUpdated() {
    const { session } = this;
    const { shown } = session ?? {};
    // Somebody comes back: what a run of before has learnt is still on view, and the next begins with the network as it was.
    if (shown?.learning && session?.catalogue.some(({ name }) => name === shown.name)) {
      void session.open({ name: shown.name });
    } else if (shown) void this.#begin();
  }

  /**
   * Builds a run of the network on view, from random weights.
   * @param {KeptRun} [kept] the run to go on with instead
   */
  async #begin(kept) {
    const before = this.run;
    /** @type {object | undefined} */
    let config;
    await this.#learner.build(
      async (engine, data) => {
        const { training, validation } = data;
        const { session } = this;
        if (!session?.shown?.learning || !this.#network) this.#network = await session?.network;
        await this.updateComplete;
        const { examples, augmentable } = { examples: training.labels.length, augmentable: isDrawable(training.shape) };
        if (this.#form) Object.assign(this.#form, { examples, augmentable });
        const settings = kept?.settings ?? this.#settings;
        if (!this.#network || !settings) return;
        const { seed } = kept ?? this;
        const varied = await engine.varied(this.#network, this.#regularization?.variation ?? {});
        config = kept?.config ?? fitted(varied, data);
        const run = new Run({ engine, config, seed, training, validation, settings });
        try {
          await run.prepare();
          if (kept) await run.takeUp(kept.record);
        } catch (error) {
          await run.close();
          const { code, message } = problemOf(error);
          if (!kept || code === "trap" || code === "load") throw error;
          this.#keeping.setAside(this.#key, kept, message);
          return;
        }
        return run;
      },
      async (run, data) => {
        this.data = data;
        this.#config = config;
        if (kept) this.#takeOver(kept);
        if (!kept && !before) this.#lookBack();
        // The rate that was set while the run was on its way.
        const rate = this.#form?.rate;
        if (rate !== undefined && rate !== run.settings.optimizer.config["learning_rate"] && !kept) {
          await run.setLearningRate(rate);
        }
        if (run.model) await (this.#following = this.session?.follow(run.model, data.classes));
      },
    );
  }

  /** Offers to go on with what was interrupted. */
  #lookBack() {
    const key = this.#key;
    void this.#keeping.lookBack(key, () => this.isConnected && this.#key === key);
  }

  /** Where this page keeps the run of the model on view. */
  get #key() {
    return `${location.pathname} ${this.session?.shown?.name}`;
  }

  /** Keeps the run as it is, or forgets it where there is nothing to lose. @param {Run} run */
  async #keep(run) {
    const { seed } = this;
    const variation = this.#regularization?.variation ?? {};
    const config = this.#config;
    const { data } = this;
    const { record, settings } = run;
    const worth = data && record && config && run.step > 0 && run.state !== "finished";
    const kept = worth ? { seed, config, variation, settings, record, data: named(data) } : undefined;
    await this.#keeping.keep(this.#key, run, kept);
  }

  /** @param {KeptRun} kept */
  async #goOn(kept) {
    const before = this.run;
    await this.#begin(kept);
    if (this.run !== before) await this.run?.start();
  }

  /** Shows how a run was set that goes on. @param {KeptRun} kept */
  #takeOver({ seed, settings, variation }) {
    this.#keeping.settle(this.#key);
    this.seed = seed;
    if (this.#form) this.#form.settings = settings;
    if (!this.#regularization) return;
    this.#regularization.variation = variation;
    this.#regularization.earlyStopping = settings.earlyStopping;
  }

  #startAnew() {
    this.#keeping.settle(this.#key);
    const { run } = this;
    if (run) void this.#keep(run);
  }

  get #form() {
    return /** @type {TrainingSettings | null} */ (this.renderRoot.querySelector("convscope-training-settings"));
  }

  get #regularization() {
    return /** @type {RegularizationSettings | null} */ (
      this.renderRoot.querySelector("convscope-regularization-settings")
    );
  }

  /** What the fields say now: what is set while the data load counts too. */
  get #settings() {
    const form = this.#form;
    return form && { ...form.settings, earlyStopping: this.#regularization?.earlyStopping };
  }

  /** @param {string} told by the run */
  #note(told) {
    const { run } = this;
    if (!run) return;
    if (told === "snapshot" || (told === "state" && run.state !== "running")) void this.#keep(run);
    if (told === "snapshot") return;
    if (told === "state") this.requestUpdate();
    if (run.state === "running" && run.step === 0) this.#keeping.settle(this.#key);
    if (run.epochs.length === 0) this.told = "";
    this.#learnt();
    const last = run.epochs.at(-1);
    if (told === "epoch" && last) {
      this.told = words.epochEnded(last);
      const { epoch, loss, accuracy, valLoss, valAccuracy } = last;
      tell(this, "epoch", { epoch, loss, accuracy, valLoss, valAccuracy });
    }
  }

  /** The network on view has other weights. */
  #learnt() {
    this.session?.learnt();
    void this.session?.readWeights();
  }

  #dataChanged() {
    this.requestUpdate();
    const { current } = this.#pageData;
    if (current && this.data && current !== this.data) void this.#begin();
  }

  async #restart() {
    this.seed = this.#form?.seed ?? 0;
    await this.#begin();
  }

  /** What early stopping has brought back, while it is on view. */
  #restored() {
    const { run } = this;
    if (!run?.restored || run.measured?.epoch !== run.restored.epoch) return "";
    return words.restored(run.restored, run.epochs.length, run.settings.earlyStopping ?? {});
  }

  /** What is kept, and what is not. */
  #kept() {
    const { run, data } = this;
    if (!run || !data) return nothing;
    return keptTraining(this.#keeping, {
      data: named(data),
      learns: run.step > 0,
      goOn: (kept) => void this.#goOn(kept),
      startAnew: () => this.#startAnew(),
      keepAgain: () => void this.#keep(run),
    });
  }

  /** @param {number} rate */
  #setRate(rate) {
    // A run that is on its way takes it up when it is there.
    if (!this.building) void this.run?.setLearningRate(rate);
  }

  /** The pad, the answer to what is drawn, and the curves, all in sight together. */
  #stage() {
    const { session, run, dark } = this;
    // Nobody is shown what the trained network of the catalogue says, or is made of.
    const untrained = session?.shown?.learning ? "" : "untrained";
    return html`
      <div class="stage">
        <convscope-pad .session=${session} .dark=${dark} .buttons=${!this.hides("buttons")}></convscope-pad>
        <convscope-prediction
          class="prediction ${untrained}"
          ?hidden=${this.hides("prediction")}
          .session=${session}
          .dark=${dark}
        ></convscope-prediction>
        <convscope-drawing-loss
          class=${untrained}
          ?hidden=${this.hides("prediction")}
          .session=${session}
        ></convscope-drawing-loss>
        <convscope-learning-curves .run=${run} .dark=${dark}></convscope-learning-curves>
      </div>
    `;
  }

  #controls() {
    return html`
      <div ?hidden=${this.hides("controls")}>
        <convscope-training-settings
          .seed=${this.seed}
          .examples=${this.#pageData.current?.training.labels.length ?? 0}
          .augmentable=${isDrawable(this.#pageData.current?.training.shape ?? [SIDE, SIDE, 1])}
          @change=${this.#restart}
          @rate=${(/** @type {Told<"rate">} */ { detail }) => this.#setRate(detail)}
        ></convscope-training-settings>
        <convscope-regularization-settings @change=${this.#restart}></convscope-regularization-settings>
      </div>
    `;
  }

  render() {
    const { session, run, data, dark } = this;
    if (!session) return;
    return html`
      <div class="view">
        <div class="about" ?hidden=${this.hides("about")}>
          <convscope-model-choice .session=${session} .fixed=${this.hides("model")}></convscope-model-choice>
          <convscope-data-summary></convscope-data-summary>
        </div>
        ${this.#kept()}
        <convscope-run-controls .run=${run} .waiting=${this.building}></convscope-run-controls>
        <p class="problem" role="alert">${run?.problem ?? ""}</p>
        <p class="unseen" role="status" aria-label="Training">${this.told}</p>
        ${this.#stage()}
        <p class="quiet" ?hidden=${this.hides("about")}>${data ? words.learnsFrom(data) : ""}</p>
        <p role="status" aria-label="Fit">${data && this.#network ? fittedWords(this.#network, data) : ""}</p>
        <p role="status" aria-label="Early stopping">${this.#restored()}</p>
        <convscope-time-machine .run=${run}></convscope-time-machine>
        ${this.#controls()}
        <div class=${session.shown?.learning ? "" : "untrained"} @keydown=${this.closeOnEscape}>
          ${this.figure({ weights: !this.hides("weights") })}
        </div>
        <convscope-test-measure .run=${run} .examples=${data?.test} ?hidden=${!data?.test}></convscope-test-measure>
        <convscope-mistakes
          .run=${run}
          .examples=${data?.validation}
          .classes=${data?.classes ?? []}
          .dark=${dark}
        ></convscope-mistakes>
      </div>
    `;
  }
}

/** What tells one data set from another. @param {DataSet} data */
function named({ title, training }) {
  return `${title} (${counted(training.labels.length)} images)`;
}

customElements.define("convscope-train", TrainView);
