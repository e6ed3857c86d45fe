// What the view of overfitting compares, without a page: one network on few digits, with one remedy or none.

import { Comparable } from "../../training/comparable.js";
import { Run } from "../../training/run.js";
import { CROSS_ENTROPY } from "../../runs/losses.js";
import { kerasOptimizer, optimizerNamed } from "../../runs/optimizers.js";

/** @typedef {import("../../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../../convscope.js").KerasConfig} KerasConfig */
/** @typedef {import("../../convscope.js").LabelledImages} Examples */
/** @typedef {import("../../training/comparable.js").Figures} Figures */
/** @typedef {"stops" | "l2" | "dropout" | "augments"} Remedy */
/** @typedef {Figures & { penalty: number }} Epoch what the network of an epoch comes to, the penalty of its loss apart */
/** @typedef {{ count: number, epochs: number, seed: number, remedies: ReadonlySet<Remedy> }} Settings */

/** What the view opens with. */
export const DEFAULTS = { network: "lenet5", count: 100, epochs: 40, seed: 0 };
/** Enough to see where the curves part, few enough to be measured after every epoch. */
export const VALIDATION = 1_000;
export const PATIENCE = 5;
/** Of 0.001, 0.002, 0.005, 0.01 and 0.02 the one with about the lowest validation loss in the end, and no lower accuracy. */
export const L2 = 0.01;
const DROPOUT = 0.5;
/** So many digits are kept that a network misreads. */
const MISREAD = 10;
const BATCH_SIZE = 16;
const RATE = 0.001;
const AUGMENTATION = { shift: 2, rotation: 0.2, scale: 0.15, shear: 0.2, elastic: 0.6, elasticSigma: 3 };

/** In the order of the lecture. @type {Remedy[]} */
export const REMEDIES = ["stops", "l2", "dropout", "augments"];

/** A run whose losses can be compared with those of others. */
export class Trial {
  /** Of every epoch, in their order. @type {Epoch[]} */
  epochs = [];
  #measuring = Promise.resolve();

  /** @param {Run} run @param {Comparable} comparable @param {() => void} changed called when there is another epoch */
  constructor(run, comparable, changed) {
    this.run = run;
    this.comparable = comparable;
    run.addEventListener("epoch", () => {
      const [epoch, snapshot] = [run.epochs.at(-1), run.snapshots.last];
      if (!epoch || !snapshot) return;
      this.#measuring = this.#measuring.then(async () => {
        const figures = await comparable.measure(snapshot.bytes);
        this.epochs.push({ ...figures, penalty: epoch.valLoss - figures.valLoss });
        changed();
      });
    });
  }

  /**
   * @param {Engine} engine
   * @param {KerasConfig} network
   * @param {{ training: Examples, validation: Examples }} examples
   * @param {Settings} settings
   * @param {() => void} [changed]
   */
  static async of(engine, network, examples, { epochs, seed, remedies }, changed = () => {}) {
    const variation = { l2: remedies.has("l2") ? L2 : 0, dropout: remedies.has("dropout") ? DROPOUT : 0 };
    const run = new Run({
      engine,
      config: await engine.varied(network, variation),
      seed,
      ...examples,
      settings: {
        optimizer: kerasOptimizer(optimizerNamed("adam"), RATE),
        loss: CROSS_ENTROPY,
        batchSize: BATCH_SIZE,
        epochs,
        augmentation: remedies.has("augments") ? AUGMENTATION : undefined,
        earlyStopping: remedies.has("stops") ? { patience: PATIENCE, restore_best_weights: true } : undefined,
      },
    });
    const comparable = await Comparable.of(engine, network, examples, CROSS_ENTROPY);
    await run.prepare();
    return new Trial(run, comparable, changed);
  }

  /** What the run has come to. @returns {import("./comparison.js").Came} */
  get came() {
    const { restored, measured } = this.run;
    const { epochs } = this;
    return { epochs: [...epochs], restored: restored?.epoch, wrong: measured?.wrong.slice(0, MISREAD) ?? [] };
  }

  /** Resolves when every epoch so far has been measured. */
  measured() {
    return this.#measuring;
  }

  pause() {
    return this.run.pause();
  }

  async close() {
    await this.run.close();
    await this.#measuring;
    await this.comparable.close();
  }
}

/** The epoch, from 1, with the smallest validation loss; 0 if there is none. @param {Epoch[]} epochs */
export const bestEpoch = (epochs) => {
  const losses = epochs.map(({ valLoss }) => valLoss);
  return 1 + losses.indexOf(Math.min(...losses));
};
