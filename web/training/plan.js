// Which step of a run belongs to which epoch, and how many examples it takes: what follows from three numbers.

/** The steps of a run. */
export class Plan {
  #examples;
  #batchSize;

  /** @param {number} examples to learn from @param {number} batchSize at most as many @param {number} epochs */
  constructor(examples, batchSize, epochs) {
    this.#examples = examples;
    this.#batchSize = batchSize;
    this.stepsPerEpoch = Math.ceil(examples / batchSize);
    this.totalSteps = this.stepsPerEpoch * epochs;
  }

  /** Epochs that are over after so many steps. @param {number} steps */
  epochsAfter(steps) {
    return Math.floor(steps / this.stepsPerEpoch);
  }

  /** Examples that so many steps have learnt from. @param {number} steps */
  examplesAfter(steps) {
    return this.epochsAfter(steps) * this.#examples + (steps % this.stepsPerEpoch) * this.#batchSize;
  }

  /** How many examples a step learns from: the last of an epoch takes what is left. @param {number} step from 0 */
  batchAt(step) {
    return Math.min(this.#batchSize, this.#examples - (step % this.stepsPerEpoch) * this.#batchSize);
  }

  /** Steps that have seen so many examples, or one batch more where they don't fill one. @param {number} examples */
  stepsFor(examples) {
    const epochs = Math.floor(examples / this.#examples);
    return epochs * this.stepsPerEpoch + Math.ceil((examples % this.#examples) / this.#batchSize);
  }

  /**
   * The next step after which there is more to do: at first, when most is learnt, there are snapshots at powers of two.
   *
   * @param {number} steps that are over
   */
  stopAfter(steps) {
    const epoch = this.epochsAfter(steps);
    const end = (epoch + 1) * this.stepsPerEpoch;
    return epoch > 0 ? end : Math.min(end, 2 ** Math.floor(Math.log2(steps || 0.5) + 1));
  }
}
