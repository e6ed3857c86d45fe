// What a run says of itself.

/**
 * @param {number} step at which the loss was no number any more
 * @param {number} back the step whose weights are back
 * @param {number} rate of learning
 */
export const diverged = (step, back, rate) =>
  `The loss was no finite number any more at step ${step}, so the weights of step ${back} are back. ` +
  `Steps that are too long do this: try a smaller learning rate than ${rate}.`;
