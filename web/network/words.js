// What is said about the figure of the network.

import { html } from "lit";
import { unitWord } from "../session/layers.js";
import { counted } from "../ui/counted.js";

/** @typedef {import("../session/layers.js").Column} Column */
/** @typedef {import("../session/layers.js").KernelBank} KernelBank */

export const INVITATION = html`Draw a digit here,<br />or take a sample`;
export const PICTURES_ONLY = html`Take a sample of the data,<br />or a picture`;
export const PAD_KEYS =
  "With the pad in focus, arrow keys shift the drawing by one pixel of 28, and 0 to 9 bring a sample.";
export const SAMPLES = "Samples are generated, not anyone’s handwriting.";
export const OPEN_A_MAP = "Click a map to see how each number in it is computed.";
export const MORE_LAYERS = "Scroll sideways: there are more layers.";

/** What "sees 5×5" means. @param {[number, number]} field */
export const fieldWords = (field) =>
  `Each value depends on ${field.join("×")} pixels of the drawing: its receptive field.`;

/** @param {Column} column */
export const pooledWords = ({ operation, window }) =>
  `${operation === "maximum" ? "max" : "mean"} of ${window?.join("×")}`;

/** What the weights below a layer's maps are: a filter is one kernel with one slice for each channel. @param {Column} column @param {KernelBank} bank */
export function weightsWords({ shape }, { units, channels, height, width }) {
  const size = [height, width, ...(channels > 1 ? [channels] : [])].join("×");
  if (shape.length === 3) return `${units} kernels ${size}`;
  return height * width === 1 ? `weights of ${units} units, a row each` : `weights of ${units} units, ${size} each`;
}

/** @param {Column} column @param {number} weights that are not shown */
export const manyWeights = (column, weights) =>
  html`${counted(weights)} weights: click a ${unitWord(column)} to see its own.`;

/** @param {number} answers that an output layer has to choose from */
export const softmaxWords = (answers) =>
  `Softmax shares 100\u00a0% among these ${answers} answers, whatever is drawn: none of them is “no digit”.`;

export const SCORES = "The network ends without softmax: the numbers are its scores, the bars the softmax of them.";
