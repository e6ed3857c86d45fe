// The sentences of the view in which a network learns.

import { html } from "lit";
import { counted } from "../../ui/counted.js";
import { percent } from "../../ui/numbers.js";

/** @typedef {import("../../training/progress.js").Epoch} Epoch */

/** At the place of a chart whose weights the network has. */
export const SHOWN = "on view";
/** @param {number} epoch */
export const restoredMark = (epoch) => `restored: epoch ${epoch}`;
/** Behind the number of an epoch in the table. */
export const RESTORED = " (restored)";

/** @param {Epoch} epoch that has ended */
export const epochEnded = ({ epoch, valAccuracy }) => `Epoch ${epoch}: validation accuracy ${percent(valAccuracy)}`;

/**
 * @param {Epoch} best whose weights are back
 * @param {number} last epoch that was learnt
 * @param {import("../../training/early-stopping.js").Arguments} stopping
 */
export const restored = ({ epoch, valLoss, valAccuracy }, last, { monitor = "val_loss", min_delta = 0 }) =>
  `Training ended after epoch ${last}. Epoch ${epoch} was the last that improved ${monitor}` +
  `${min_delta ? ` by more than ${min_delta}` : ""}, so the network on view has its weights again: validation loss ` +
  `${valLoss.toFixed(3)}, validation accuracy ${percent(valAccuracy)}.`;

/** @param {number} step @param {Epoch | undefined} epoch that ended there */
export const afterStep = (step, epoch) => `after step ${counted(step)}${epoch ? `, epoch ${epoch.epoch}` : ""}`;

/** @param {import("../../data/choice.js").DataSet} data */
export const learnsFrom = ({ training, validation, test }) => html`
  It begins with random weights and learns from ${counted(training.labels.length)} <strong>training</strong> images.
  ${counted(validation.labels.length)} <strong>validation</strong> images, which it never learns from, show how well it
  reads others: settings and the best epoch are chosen by them.
  ${test ? html`${counted(test.labels.length)} <strong>test</strong> images are measured once all is chosen.` : ""}
`;

/** @param {import("../../training/kept-run.js").KeptRun} kept */
export const interrupted = ({ record: { snapshot }, settings }) =>
  `Training was interrupted after step ${counted(snapshot.step)}, in epoch ${snapshot.epoch + 1} of ${settings.epochs}.`;

export const DAMAGED = "A training cannot be read";
/** @param {string} reason why what was kept of an interrupted run cannot be read */
export const damaged = (reason) =>
  `What this browser kept of an interrupted training cannot be read (${reason}). It stays as it is, and a new training is ` +
  `kept beside it.`;
/** @param {string} reason why nobody knows what this browser has kept */
export const unknown = (reason) =>
  `This browser’s storage cannot be read yet (${reason}). It is asked again every few seconds. A training that was ` +
  `interrupted may be in it: wait here to go on with it. What you train meanwhile does not take its place.`;
export const ENDS_OTHER = "To go on with it ends the training on view.";
export const START_ANEW = "Start anew";
export const DO_WITHOUT = "Do without it";
export const DISCARD = "Start anew without it";
export const KEEP = "Keep it";

/** @param {string} reason why the browser does not keep the run on view */
export const unkept = (reason) =>
  `This browser does not keep this training (${reason}): a reload loses it. Its storage is full, switched off, or ` +
  `does not answer: make room for it or close other tabs of this page, and stay on this page until then.`;

/** @param {string} name of the data that an interrupted run learnt */
export const otherData = (name) => `It learnt ${name}: choose that data again to go on.`;

export const WHY_ABOVE = "Why can the training loss be above the validation loss?";
export const ABOVE = html`The training loss of an epoch is the mean over its batches, each measured <em>before</em> the
  step that learns from it: the first of them met worse weights, dropout left out some units, and augmentation bent the
  digits. The validation loss is measured after the epoch, with all units and with images as they are.`;

export const TEST_SET = "The test set is for the end: choose by it, and it becomes a second validation set.";

/** @param {import("./test-measure.js").Measured} found */
export const measured = ({ step, loss, accuracy, images }) =>
  `After step ${counted(step)}: ${percent(accuracy)} of the ${counted(images)} test images right, test loss ` +
  `${loss.toFixed(3)}.`;

export const LOSS_OF_DRAWING = "The loss of your drawing, if this is its label.";
/** @param {number} probability of the label */
export const lossOf = (probability) =>
  `loss = −ln ${probability.toPrecision(2)} = ${Math.max(0, -Math.log(probability)).toFixed(2)}`;

/** @param {number} step from 1 @param {number} images @param {number} seconds since it began */
export const underWay = (step, images, seconds) =>
  `step ${counted(step)} is under way: ${counted(images)} images, ${seconds.toFixed(1)} s`;
export const STOPPING = "stops after the step under way…";

export const NEW_RUN = "A change here starts a new run from the same seed. An empty dropout leaves the network’s own.";
export const RATE_HINT = "It can be changed while the network learns.";
export const ALL_HINT = "One step an epoch, by the gradient of the whole training set";
export const AUGMENTATION_HINT = "Each epoch bends every digit another way.";
/** @param {number} count of epochs @param {number} rows of the table */
export const lastEpochs = (count, rows) => `The last ${rows} of ${count} epochs.`;

/** @param {number} count @param {string} written @param {string} read */
export const mistook = (count, written, read) => `${counted(count)} times ${written} was taken for ${read}`;
/** @param {number} count of classes on view @param {number} of all */
export const onlyMistaken = (count, of) => `– the ${count} of ${of} classes that are mistaken most`;
/** @param {number} count of the mistakes that are kept */
export const noneOfThese = (count) => `None of these is among the ${counted(count)} most confident mistakes.`;

export const MEASURE = "Measure on the test set";
