// The learning rate of a run, step by step.

/** @typedef {import("./run-model.js").Settings} Settings */

/**
 * The optimiser with the schedule of its rate, as Keras serialises it.
 *
 * @param {Settings} settings
 * @param {number} steps of the whole training
 */
export function scheduled({ optimizer, schedule }, steps) {
  if (schedule !== "cosine") return optimizer;
  const { learning_rate: initial_learning_rate, ...config } = optimizer.config;
  const decay = { class_name: "CosineDecay", config: { initial_learning_rate, decay_steps: steps } };
  return { ...optimizer, config: { ...config, learning_rate: decay } };
}

/**
 * @param {Settings["schedule"]} schedule
 * @param {number} first rate
 * @param {number} part of the training that is over, 0 to 1
 * @returns {number} the rate of the next step
 */
export function rateAfter(schedule, first, part) {
  return schedule === "cosine" ? first * 0.5 * (1 + Math.cos(Math.PI * part)) : first;
}
