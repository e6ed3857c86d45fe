// What the architecture editor says.

import { counted } from "../../ui/counted.js";

export const NO_LAYERS = "The network has no layers yet. Add one.";
export const STILL_ON_VIEW = "All other views go on showing the last network that fits.";
export const ABOUT = "Each change makes a new network at once; layers that still fit keep their weights.";
export const KEYS = "Alt with ↑ or ↓ moves the layer in focus, Delete removes it; Ctrl Z undoes.";
export const DROP = "Drop a model file here, or paste Keras code or JSON.";
export const NAME_RULE = "A name has letters, digits, _ . and -, at most 64.";
export const KERAS_CODE = "Keras code of the network";
export const ADD_FIRST = "Add a layer below the input";
export const NO_SUCH_LAYER = "No layer of Keras is called so here.";
export const SEARCH = "Search a layer to add";
export const DELETE_IT = "Delete it from this browser, with all that it has learnt?";
export const NO_PROBABILITIES = "The outputs are scores: without softmax they are no probabilities.";
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

/** @param {string} got */
export const expectedShape = (got) => `Expected whole numbers such as (28, 28, 1), got ${got || "nothing"}.`;

/** @param {string} first @param {string} second */
export const twoSums = (first, second) =>
  `Nothing stands between ${first} and ${second}: two sums in a row compute no more than one.`;

/** What there is to know of each network to begin with. */
export const OF_PRESETS = {
  mlp: "Dense layers alone.",
  "lenet5-1998": "LeCun, Bottou, Bengio, Haffner 1998, simplified: tanh and average pooling.",
  lenet5: "The same with ReLU and max pooling: 61,706 parameters.",
  "keras-convnet": "“Simple MNIST convnet” of the Keras documentation.",
  "all-convolutional": "Strided convolutions instead of pooling (Springenberg, Dosovitskiy, Brox, Riedmiller 2015).",
  bottleneck: "1×1 convolutions make 32 maps 8, and 32 again: the 3×3 between them is cheap (He et al. 2016).",
  "depthwise-separable": "A kernel for each map, then 1×1 across maps (Chollet 2017; Howard et al. 2017).",
  residual: "Two blocks with a shortcut, the second through 1×1 (He, Zhang, Ren, Sun 2016).",
  "alexnet-28":
    "AlexNet’s layers with fewer maps, for digits: overlapping pools, groups, local response normalisation.",
  alexnet:
    "Krizhevsky, Sutskever, Hinton 2012: 60,965,224 parameters, 1000 classes. Untrained: its weights are random here.",
};
