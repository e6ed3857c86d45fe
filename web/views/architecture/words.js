// What the architecture editor says.

import { counted } from "../../ui/counted.js";

export const NO_LAYERS = "The network has no layers yet. Add one.";
export const STILL_ON_VIEW = "All other views go on showing the last network that fits.";
export const ABOUT = "Each change makes a new network at once; layers that still fit keep their weights.";
export const KEYS = "Alt with ↑ or ↓ moves the layer in focus, Delete removes it; Ctrl Z undoes.";
export const DROP = "Drop a model file here, or paste Keras code or JSON.";
export const REPAIR = "Repair:";

/** @param {readonly number[]} shape */
export const endsInMaps = (shape) =>
  `The network ends in maps of ${shape.join("×")}; it needs one number for each class.`;

/** @param {readonly number[]} shape */
export const noPicture = (shape) =>
  `The page shows networks that read pictures, height×width×1 or height×width×3, or a digit’s 784 pixels; this one reads ${shape.join("×")}.`;

/** @param {string} title */
export const changedTitle = (title) => (title ? `${title}, changed` : "My network");

/** @param {number} params */
export const makeWeights = (params) => `Make its ${counted(params)} weights`;

/** @param {number} params */
export const manyWeights = (params) =>
  `A network of ${counted(params)} weights takes seconds and ${counted(Math.round((params * 4) / 1e6))} MB, so it is made only when you say so.`;

/** @param {import("../../convscope.js").Summary} summary @param {string} memory @returns {string} */
export const totals = ({ params, trainableParams, multiplyAdds }, memory) =>
  `${counted(params)} parameters${trainableParams === params ? "" : `, ${counted(trainableParams)} of them trained`} · ${counted(multiplyAdds)} multiply-adds · ${memory} for the outputs of all layers, one example`;

/** @param {string[]} passedOver */
export const passedOver = (passedOver) => (passedOver.length ? `Passed over: ${passedOver.join(" ")}` : "");

/** @param {string} reason */
export const unkept = (reason) => `⚠ This browser does not keep your network (${reason}). Export it before you leave.`;

/** @param {number} count */
export const unread = (count) =>
  `⚠ ${count === 1 ? "A network that was kept here" : `${count} networks that were kept here`} cannot be read: damaged.`;
