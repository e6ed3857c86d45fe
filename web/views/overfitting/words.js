// What the view of overfitting says.

import { DEFAULTS, L2, PATIENCE } from "./experiment.js";

/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "So few digits that the network memorises them: the training loss falls towards 0 while the validation loss turns and " +
    "rises. The validation accuracy hardly changes meanwhile: the network does not make more mistakes, it becomes more " +
    "certain of them. Every run starts from the same weights, so only what you switch on differs.",
  question: {
    text: "which remedy leaves the smallest gap, and which the lowest validation loss?",
    because:
      "Augmentation is like more examples: it adds information, and helps most here. Early stopping, L2 and dropout trade " +
      "variance for some bias. Early stopping brings back the network of the best epoch, with the gap that it had then. L2 " +
      "slows the rise of the validation loss, but hardly lowers its minimum. Dropout raises the training loss a little and " +
      "lowers the validation loss more.",
  },
};

/** @type {Record<import("./experiment.js").Remedy, { text: string, title: string }>} */
export const REMEDY_WORDS = {
  stops: {
    text: "early stopping",
    title: `Ends after ${PATIENCE} epochs without a lower validation loss, and brings the best weights back.`,
  },
  l2: {
    text: "L2",
    title: `Adds ${L2} times the sum of the squares of every kernel to the loss.`,
  },
  dropout: { text: "dropout", title: "Leaves out half of the last hidden layer’s outputs at random." },
  augments: { text: "augmentation", title: "Each epoch shifts, turns and bends every digit another way." },
};

/** How the losses are measured. */
export const MEASURED =
  "All losses are measured in one way after each epoch: with weights that rest, on the digits as they are, without penalty " +
  "or dropout. The loss that training itself reports is the mean over its steps, with the penalty, dropout and bent digits " +
  `in it. L2: of 0.001 to 0.02, ${L2} was chosen by the validation loss.`;

/** @param {string} count @param {string[]} remedies */
export const runTitle = (count, remedies) => `${count} images, ${remedies.join(" + ") || "no remedy"}`;

/** @param {string} network @param {string} data */
export const recordedRuns = (network, data) =>
  `Recorded runs of ${network} on the ${data}, seed ${DEFAULTS.seed}. Train runs it here and now.`;

/**
 * What a run has shown.
 * @param {{ epochs: number, best: number, restored: number | undefined, loss: string, valLoss: string }} figures
 */
export function finding({ epochs, best, restored, loss, valLoss }) {
  const losses = `training loss ${loss}, validation loss ${valLoss}`;
  return restored
    ? `Ended after ${epochs} epochs. The network of epoch ${restored} is back: ${losses}.`
    : `After ${epochs} epochs: ${losses}; the validation loss was lowest in epoch ${best}.`;
}

export const LOSS = "Loss";
export const ACCURACY = "Accuracy";
export const ALL = "Validation loss of all runs";
/** @param {number} epoch */
export const restoredMark = (epoch) => `epoch ${epoch} is brought back`;
/** @param {number} epoch */
export const bestMark = (epoch) => `lowest: epoch ${epoch}`;

export const COLUMNS = [
  "run",
  "epochs",
  "network of epoch",
  "training loss",
  "validation loss",
  "gap",
  "penalty",
  "training accuracy",
  "validation accuracy",
  "lowest validation loss",
];
/** @param {string} loss @param {number} epoch */
export const lowest = (loss, epoch) => `${loss}, epoch ${epoch}`;

/** @param {number} count @param {number} of @param {string} part */
export const memorised = (count, of, part) =>
  `${count} of the ${of} images that it has learnt from: it reads ${part} of them`;
export const MISREAD = "Validation images that it misreads with most certainty";
/** @param {string} label @param {string} answer @param {number} probability */
export const misread = (label, answer, probability) =>
  `${label} → ✗ ${answer}, ${probability > 0.999 ? "> 99.9" : (100 * probability).toFixed(1)} %`;
