// keras.callbacks.EarlyStopping: its arguments, its defaults, its order of events.

/**
 * @typedef {object} Arguments
 * @property {"loss" | "accuracy" | "val_loss" | "val_accuracy"} [monitor] "val_loss" if left out
 * @property {number} [min_delta] 0 if left out
 * @property {number} [patience] epochs without improvement after which training stops; 0 if left out
 * @property {number} [start_from_epoch] epochs to wait before anything is monitored; 0 if left out
 * @property {number} [baseline] what must be reached before patience counts anew
 * @property {boolean} [restore_best_weights]
 */

export class EarlyStopping {
  /** From 0; −1 before there is one. */
  bestEpoch = -1;
  /** The value of the best epoch. @type {number | undefined} */
  #best;
  #wait = 0;
  #arguments;

  /** @param {Arguments} options */
  constructor({ monitor = "val_loss", min_delta = 0, patience = 0, start_from_epoch = 0, baseline }) {
    this.#arguments = { monitor, min_delta: Math.abs(min_delta), patience, start_from_epoch, baseline };
  }

  get #rises() {
    return this.#arguments.monitor.endsWith("accuracy");
  }

  /** @param {number} value @param {number | undefined} reference undefined: there is nothing to improve on */
  #improves(value, reference) {
    const { min_delta } = this.#arguments;
    if (reference === undefined) return true;
    return this.#rises ? value - min_delta > reference : value + min_delta < reference;
  }

  /**
   * Whether training is over after this epoch.
   *
   * @param {number} epoch from 0
   * @param {Partial<Record<NonNullable<Arguments["monitor"]>, number>>} metrics those of the validation are left out
   *   where there is none: it never stops for them then
   */
  stopsAfter(epoch, metrics) {
    const { monitor, patience, start_from_epoch, baseline } = this.#arguments;
    const value = metrics[monitor];
    if (value === undefined || epoch < start_from_epoch) return false;
    this.#wait += 1;
    if (this.bestEpoch < 0) this.bestEpoch = epoch;
    if (this.#improves(value, this.#best)) {
      this.#best = value;
      this.bestEpoch = epoch;
      if (baseline === undefined || this.#improves(value, baseline)) this.#wait = 0;
      return false;
    }
    return this.#wait >= patience && epoch > 0;
  }
}

/**
 * What an epoch came to, as Keras names it.
 *
 * @param {import("./progress.js").Epoch} epoch
 */
export function monitored({ loss, accuracy, valLoss, valAccuracy, confusion }) {
  const validated = confusion.length ? { val_loss: valLoss, val_accuracy: valAccuracy } : {};
  return { loss, accuracy, ...validated };
}
