import { css, html, nothing } from "lit";
import { first } from "../../data/split.js";
import { RACE_EVENTS, Race } from "../../training/race.js";
import { choiceField, fieldStyles, numberField, switchField, unsent } from "../../ui/fields.js";
import { Learner } from "../../runs/learner.js";
import { lineStyles } from "../../runs/lines.js";
import { CROSS_ENTROPY } from "../../runs/losses.js";
import { kerasOptimizer, optimizerNamed } from "../../runs/optimizers.js";
import { Following } from "../../ui/following.js";
import { pageData } from "../../session/page-data.js";
import { pageEngine } from "../../session/page-engine.js";
import { smoothLosses } from "../../runs/race-curves.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { percent } from "../../ui/numbers.js";
import "../../runs/data-summary.js";
import "../../runs/race-controls.js";
import "../../ui/lesson.js";
import network from "./network.json";

/** @typedef {import("../../training/run.js").Run} Run */
/** @typedef {import("../../convscope.js").Saturation} Saturation */
/**
 * @typedef {{ name: string, title: string, line: string, note: string }} Lane an activation by Keras' name, and how its
 * line is drawn
 */

/** @type {Lane[]} */
const LANES = [
  [
    "sigmoid",
    "sigmoid",
    "saturates at 0 and 1; its derivative is 1/4 at most, so that ten layers shrink a gradient by a million",
  ],
  ["tanh", "tanh", "saturates at −1 and 1, but around 0 it passes a gradient on as it is"],
  ["relu", "ReLU", "never saturates above 0; a unit below 0 for every example is dead"],
  ["leaky_relu", "leaky ReLU", "passes a fifth of the gradient below 0, so that no unit dies"],
  ["elu", "ELU", "is smooth below 0, where it saturates at −1"],
].map(([name, title, note], index) => ({ name, title, note, line: `line-${index}` }));

/** @type {import("../../ui/lesson.js").Lesson} */
const LESSON = {
  caption:
    "Backpropagation multiplies a gradient by f′ once a layer: where a unit saturates, f′ is next to 0 and the " +
    "gradient vanishes before it reaches the first layers. Below, one network learns with each function from the " +
    "same seed and the same batches, so that the depth at which sigmoid stops learning can be seen.",
};

/** The layers of the network, of which the hidden one comes again and again. */
const [input, flatten, hidden, output] = network.config.layers;
/** Where the functions are drawn: from −4 to 4 in steps of 0.1. */
const X = Float32Array.from({ length: 81 }, (_, index) => (index - 40) / 10);

/** Hidden layers, as many as a gradient has to pass to the first. */
const DEPTHS = [1, 2, 3, 5, 8];
const UNITS = hidden.config.units;
const EXAMPLES = 5_000;
const EPOCHS = 4;
const BATCH_SIZE = 32;
/** Validation examples that the units answer to. */
const PROBED = 64;
/** How often the units are counted while they learn, in milliseconds. */
const COUNTED_EVERY = 1500;

/** @param {string} activation @param {number} depth how many hidden layers */
function deep(activation, depth) {
  const layers = Array.from({ length: depth }, (_, index) => ({
    ...hidden,
    config: { ...hidden.config, name: `hidden_${index + 1}`, activation },
  }));
  return { ...network, config: { layers: [input, flatten, ...layers, output] } };
}

/** Activation functions with their derivatives, and one network that learns with each of them. */
export class ActivationsView extends View {
  static properties = {
    shown: { state: true },
    curves: { state: true },
    depth: { state: true },
    rate: { state: true },
    seed: { state: true },
    still: { state: true },
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
      ul {
        margin: 0;
        padding-left: 20px;
      }
      h2 {
        margin: 12px 0 0;
        font-size: inherit;
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
  #countedAt = 0;
  #counting = false;
  /** Whether they have learnt on since the counting began. */
  #again = false;
  /** What the units answer to, as the network takes it. @type {Float32Array} */
  probes = new Float32Array();

  constructor() {
    super();
    /** Whose functions are drawn. @type {ReadonlySet<string>} */
    this.shown = new Set(LANES.map(({ name }) => name));
    /** Values and derivatives by Keras' name. @type {Map<string, { values: number[], derivatives: number[] }>} */
    this.curves = new Map();
    this.depth = 5;
    this.rate = 0.05;
    this.seed = 0;
    /** The units that stand still, layer by layer, by Keras' name. @type {Map<string, Saturation[]>} */
    this.still = new Map();
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
        const due = type === "state" || performance.now() - this.#countedAt > COUNTED_EVERY;
        if (due) void this.#count();
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
    return this.#learner.build(
      async (engine, { training, validation }) => {
        const optimizer = kerasOptimizer(optimizerNamed("sgd"), this.rate);
        const settings = { optimizer, loss: CROSS_ENTROPY, batchSize: BATCH_SIZE, epochs: EPOCHS };
        const entries = LANES.map(({ name }) => ({ name, config: deep(name, this.depth), settings }));
        const race = new Race({ engine, seed: this.seed, training: first(training, EXAMPLES), validation, entries });
        await race.prepare();
        return race;
      },
      async (_, { validation }) => {
        const { pixels } = first(validation, PROBED);
        this.probes = Float32Array.from(pixels, (byte) => byte / 255);
        await this.#count();
      },
    );
  }

  /** Counts the units that stand still in every hidden layer of every runner. */
  async #count() {
    const { race } = this;
    this.#again = this.#counting;
    if (!race || this.#counting) return;
    this.#counting = true;
    this.#countedAt = performance.now();
    try {
      for (const { name, run } of race.runners) {
        const { model } = run;
        if (!model || race !== this.race) return;
        const [engine, { layers }] = await Promise.all([pageEngine(), model.summary()]);
        const still = await Promise.all(
          layers
            .filter(({ kernel }) => kernel)
            .slice(0, -1)
            .map(async (layer) => {
              const outputs = await model.features(this.probes, layer.name);
              return engine.saturation(name, outputs, { units: layer.outputShape[0] });
            }),
        );
        this.still = new Map(this.still).set(name, still);
      }
    } catch {
      // The race was closed meanwhile; the next one is counted anew.
    } finally {
      this.#counting = false;
      if (this.#again) void this.#count();
    }
  }

  /** @template {"depth" | "rate" | "seed"} Name @param {Name} name */
  #set(name) {
    return (/** @type {string | number} */ value) => {
      this[name] = Number(value);
      void this.#build();
    };
  }

  /** @param {string} name @param {boolean} on */
  #switch(name, on) {
    const shown = new Set(this.shown);
    if (on) shown.add(name);
    else shown.delete(name);
    this.shown = shown;
  }

  #functions() {
    const x = Array.from(X, (value) => Number(value.toFixed(1)));
    /** @param {"values" | "derivatives"} which */
    const lines = (which) =>
      LANES.flatMap(({ name, title, line }) => {
        const y = this.curves.get(name)?.[which];
        return y && this.shown.has(name) ? [{ label: title, line, x, y }] : [];
      });
    return html`
      <form @submit=${unsent}>
        ${LANES.map(({ name, title }) =>
          switchField({ text: title, checked: this.shown.has(name), change: (on) => this.#switch(name, on) }),
        )}
      </form>
      <div class="curves">
        <convscope-curves
          .caption=${"Activation f(x)"}
          .unit=${"x"}
          .dark=${this.dark}
          .lines=${lines("values")}
        ></convscope-curves>
        <convscope-curves
          .caption=${"Derivative f′(x)"}
          .unit=${"x"}
          .dark=${this.dark}
          .lines=${lines("derivatives")}
        ></convscope-curves>
      </div>
      <details>
        <summary>What each is known for</summary>
        <ul class="quiet">
          ${LANES.map(({ title, note }) => html`<li>${title} ${note}.</li>`)}
        </ul>
      </details>
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

  #table() {
    const depths = Array.from({ length: this.depth }, (_, index) => index + 1);
    return html`
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">activation</th>
              <th scope="col">loss</th>
              <th scope="col">validation accuracy</th>
              ${depths.map((depth) => html`<th scope="col">still in layer ${depth}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${LANES.map((lane) => this.#row(lane))}
          </tbody>
        </table>
      </div>
      <p class="quiet small">
        Still: units whose slope is below 5 % of the function's largest for at least 95 % of ${PROBED} validation
        digits, that is saturated, of ${UNITS}; in brackets those of them that are dead, with slope 0 for every one.
      </p>
    `;
  }

  /** @param {Lane} lane */
  #row({ name, title, line }) {
    const run = this.race?.runners.find((runner) => runner.name === name)?.run;
    const loss = run && smoothLosses(run).at(-1);
    const accuracy = run?.epochs.at(-1)?.valAccuracy;
    const still = this.still.get(name)?.slice(0, this.depth) ?? [];
    return html`
      <tr>
        <th scope="row">
          <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="line ${line}" d="M0 4H26" /></svg
          >${title}
        </th>
        <td>${loss === undefined ? "–" : loss.toFixed(3)}</td>
        <td>${accuracy === undefined ? "–" : percent(accuracy)}</td>
        ${still.map(({ saturated, dead }) => html`<td>${saturated}${dead ? ` (${dead})` : ""}</td>`)}
      </tr>
    `;
  }

  #problems() {
    const failed = this.race?.runners.filter(({ run }) => run.problem) ?? [];
    const words = failed.map(({ name, run }) => `${LANES.find((lane) => lane.name === name)?.title}: ${run.problem}`);
    return words.length ? html`<p class="problem" role="alert">${words.join(" ")}</p>` : nothing;
  }

  render() {
    return html`
      <div class="view">
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${LESSON}></convscope-lesson>
        ${this.#functions()}
        <h2>One network, five activations</h2>
        <convscope-data-summary ?hidden=${this.hides("about")}></convscope-data-summary>
        <div ?hidden=${this.hides("controls")}>${this.#settings()}</div>
        <convscope-race-controls .race=${this.race} .waiting=${this.building}></convscope-race-controls>
        ${this.#problems()}
        <convscope-race-curves .race=${this.race} .lanes=${LANES} .dark=${this.dark}></convscope-race-curves>
        ${this.#table()}
      </div>
    `;
  }
}

customElements.define("convscope-activations", ActivationsView);
