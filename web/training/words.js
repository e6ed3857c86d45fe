// What a run says of itself.

/**
 * @param {string} reason why the engine has started again
 * @param {number} step whose weights are back
 */
export const goesOnFrom = (reason, step) =>
  `${reason} The run is back at step ${step}: start it to train on from there.`;

/**
 * @param {number} step at which the loss was no number any more
 * @param {number} back the step whose weights are back
 * @param {number} rate of learning
 */
export const diverged = (step, back, rate) =>
  `The loss was no finite number any more at step ${step}, so the weights of step ${back} are back. ` +
  `Steps that are too long do this: try a smaller learning rate than ${rate}.`;
