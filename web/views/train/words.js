// The sentences of the view in which a network learns.

import { counted } from "../../ui/counted.js";
import { percent } from "../../ui/numbers.js";

/** @typedef {import("../../training/run.js").Epoch} Epoch */

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
 * @param {string} monitor what early stopping looks at, as Keras names it
 */
export const restored = ({ epoch, valLoss, valAccuracy }, last, monitor) =>
  `Training ended after epoch ${last}. Epoch ${epoch} had the best ${monitor}, so the network on view has its weights ` +
  `again: validation loss ${valLoss.toFixed(3)}, validation accuracy ${percent(valAccuracy)}.`;

/** @param {number} step @param {Epoch | undefined} epoch that ended there */
export const afterStep = (step, epoch) => `after step ${counted(step)}${epoch ? `, epoch ${epoch.epoch}` : ""}`;
