// What files say of training, as `model.compile` of the engine reads it.

import { isObject, shown } from "./model-file.js";

/** @typedef {import("./model-file.js").Training} Training */

/**
 * @param {unknown} described `compile_config` of Keras 3, or `training_config` of Keras 2
 * @param {string[]} passedOver
 * @returns {Training | undefined}
 */
export function trainingOf(described, passedOver) {
  if (!isObject(described)) return undefined;
  const { optimizer, optimizer_config: former, loss, metrics, loss_weights: weights } = described;
  const given = optimizer ?? former;
  if (given === undefined || given === null || loss === undefined || loss === null) return undefined;
  if (!isEmpty(metrics))
    passedOver.push(`Of the metrics (${shown(metrics)}) none is needed: loss and accuracy are always measured.`);
  if (!isEmpty(weights)) passedOver.push("The weights of losses say nothing where there is one loss.");
  return { optimizer: given, loss: Array.isArray(loss) && loss.length === 1 ? loss[0] : loss };
}

/** @param {unknown} value */
const isEmpty = (value) => value === undefined || value === null || (Array.isArray(value) && value.length === 0);
