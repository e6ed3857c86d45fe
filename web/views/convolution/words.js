// All that the view says.

import { html } from "lit";
import { counted } from "../../ui/counted.js";
import { number } from "../../ui/numbers.js";

/** @type {import("../../ui/lesson.js").Lesson} */
export const ONE_CHANNEL = {
  caption:
    "A kernel is laid over a patch of the image, multiplied cell by cell, and the products are summed: where the patch looks like the kernel, the response is high. The same few weights slide over the whole image, and every filter makes a feature map of its own.",
  question: {
    text: "the image moves one cell to the right. What happens to the map?",
    answers: ["It stays as it is", "It moves one cell to the right", "It gets weaker"],
    right: 1,
    because:
      "The same weights are used at every place, so the same pattern gets the same response, one cell further: convolution is equivariant to shifts. (Invariant would mean that nothing changes; pooling gives a little of that.) Try it with the arrows.",
  },
};

/** @type {import("../../ui/lesson.js").Lesson} */
export const SEVERAL_CHANNELS = {
  caption:
    "A filter is one kernel with one slice for each input channel: here red, green and blue. Each slice is multiplied with its channel, and all products are summed into one map. However many channels go in, one filter makes one map.",
  question: {
    text: "three channels go in and there are two filters. How many feature maps come out?",
    answers: ["2", "3", "6"],
    right: 0,
    because:
      "One for each filter: the products of its three slices are summed. The number of filters is the number of maps.",
  },
};

export const NOT_FLIPPED =
  "The kernel is not flipped before it is multiplied. Mathematics calls this cross-correlation; Keras and deep learning call it convolution.";

export const EDITABLE = "A click or Enter switches a cell. The window follows the pointer and the arrow keys.";
export const MOVABLE = "The window follows the pointer and the arrow keys. Drop or paste a picture of your own.";

/** @param {number} count */
export const filtersAndMaps = (count) =>
  `${count} ${count === 1 ? "filter" : "filters"} → ${count} ${count === 1 ? "map" : "maps"}`;

/** @param {{ kernel: number, channels: number, filters: number, shape: number[], params: number }} layer */
export const layerWords = ({ kernel, channels, filters, shape, params }) =>
  `· Conv2D, output ${shape.join("×")}, ${kernel}·${kernel}·${channels}·${filters} weights + ${filters} ${filters === 1 ? "bias" : "biases"} = ${counted(params)} parameters`;

/** @param {number} value @param {number} places */
export const largestResponse = (value, places) =>
  value > 0
    ? html`largest response: ${number(value)}${places > 1 ? `, at ${places} places` : ""}`
    : "no response above 0";

/** Below this a sum of pixels times weights is what rounding has left of 0. */
const ROUNDING = 1e-5;

/** A sum in a text. @param {number} value */
export const sumOf = (value) => number(Math.abs(value) < ROUNDING ? 0 : value);

/** @param {number} value */
export const responseHere = (value) => html`in the window: ${sumOf(value)}`;

/** Above the picture of three channels. */
export const TOGETHER_MAKE = "the picture that they make";
