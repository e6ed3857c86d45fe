// What the view says.

import { html } from "lit";
import { counted } from "../../ui/counted.js";
import { percent } from "../../ui/numbers.js";

/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "An MLP has two faults with images. It is not shift-invariant, since each weight belongs to one place; and it needs many parameters, since every hidden unit is connected to every pixel. A convolution uses one small kernel at all places.",
  question: {
    text: "the digit moves three pixels to the right. Which network still reads it?",
    answers: ["the MLP more often", "the CNN more often", "both alike"],
    right: 1,
    because:
      "To the MLP a moved stroke is other inputs with other weights. The CNN’s kernels find it again wherever it is, and pooling absorbs small shifts. But the CNN’s last Dense layer has a weight for each place too, so that it fails further out.",
  },
};

/** The images that the shipped results are about. */
export const SHIPPED = "MNIST’s test set";

/** @param {import("./offset-count.js").Measured} measured */
function images({ title, images }) {
  return `${counted(images)} images of ${title}`;
}

/** @param {import("./offset-count.js").Measured} measured */
export function mapsMeasured(measured) {
  return `Maps: the share of ${images(measured)} that is read right, at every shift of −8 to 8 pixels.`;
}

/** @param {string} title of data that are no digits */
export function noDigits(title) {
  return `These networks read digits; ${title} has none to count.`;
}

export const DRAG = "Drag the digit, or use the arrow keys.";
export const NOT_SHIFTED = "not shifted";

/** @param {string} how far; empty where it is not */
export function moved(how) {
  return how ? `Shifted ${how}.` : "Not shifted.";
}

/** @param {string} place @param {number} share @param {number} count of images */
export function shareAt(place, share, count) {
  return html`${place}: <strong><data value=${share}>${percent(share)}</data></strong>
    <span class="quiet">(${counted(Math.round(share * count))} of ${counted(count)})</span>`;
}

/** @param {string} place */
export function beyond(place) {
  return `${place}: beyond this map`;
}

/** @param {string} place */
export function uncounted(place) {
  return `${place}: not counted yet`;
}

export const SHARING = {
  title: "Sparse connections, shared weights",
  about:
    "Below is a part of the real weight matrix of each network’s first layer. Each row is one unit, each column one pixel; a colour is the value of a weight, and where there is none, there is no connection. In the CNN every row holds the same kernel, one pixel further.",
  point: "Point at a weight, or walk with the arrow keys, to see where it is used.",
  columns: "columns: pixels of the image",
};

/** Five inputs and five outputs. */
export const SMALL = {
  dense: "Dense layer",
  denseLabel: "Each of the outputs s1 to s5 is connected to all inputs x1 to x5; each connection has its own weight",
  sparse: "Convolution, kernel of 3 weights",
  sparseLabel:
    "Each of the outputs s1 to s5 is connected to the inputs x1 to x5 below it and beside that; equal positions have one weight",
  weights: "Light a weight:",
};

/** @param {number} connections @param {number} weights @param {number} uses of the weight that is lit */
export function small(connections, weights, uses) {
  return `${connections} connections, ${weights} weights; this weight is used ${uses === 1 ? "once" : `${uses} times`}.`;
}

/** @param {number} row of pixels, from 0 */
export function pixelRow(row) {
  return `row ${row + 1}`;
}

/** @param {number} units @param {number} row of the map, from 0; none for units without a place */
export function unitRows(units, row) {
  return Number.isNaN(row)
    ? `rows: hidden units 1 to ${units}`
    : `rows: the ${units} units in row ${row + 1} of map 1, from left to right`;
}

/** @param {import("../../convscope.js").UnitPlace} place @param {[x: number, y: number]} pixel */
export function connection({ unit, row, column }, [x, y]) {
  const to =
    row === undefined ? `unit ${unit + 1}` : `unit in row ${row + 1}, column ${(column ?? 0) + 1} of map ${unit + 1}`;
  return `pixel in row ${y + 1}, column ${x + 1} → ${to}`;
}

export const NOT_CONNECTED = "not connected";

/** @param {number} here uses in the strip @param {number} all in the layer */
export function uses(here, all) {
  return all === 1 ? "used here alone" : `used ${here} times in this strip and ${counted(all)} times in the layer`;
}

/** @param {number} connections @param {number} weights @param {boolean} shared */
export function connections(connections, weights, shared) {
  const many = html`<data value=${connections}>${counted(connections)}</data>`;
  return shared
    ? html`${many} with pixels of the image (the zeros of the padding are not counted): a weight is used
      ${counted(Math.round(connections / weights))} times on average`
    : html`${many}: each has its own weight`;
}

/** @param {number} seen @param {number} pixels */
export function sparse(seen, pixels) {
  return seen < pixels
    ? `yes: a unit sees ${counted(seen)} of ${counted(pixels)} pixels`
    : `no: each of these units sees all ${counted(pixels)} pixels`;
}

export const DISTANCES = {
  title: "How far may the digit move?",
  invariance: html`A convolution is <strong>equivariant</strong> to shifts: when its input moves, its maps move with it.
    The answer should be <strong>invariant</strong>: when the input moves, it stays the same. Pooling makes it so for
    small shifts. Then it depends on the last layers: a Dense layer behind the maps has a weight for each place, so that
    the answer depends on the place again. The network with global pooling takes the mean of each whole map instead, a
    number without a place, and reads the digit until it leaves the image.`,
  depth:
    "More hidden layers do not help the MLP with this. The first makes it much better at digits in the middle, further ones hardly; but every layer is dense, and every weight belongs to one place.",
  learnt: "All these networks learnt with training images shifted by up to 1.5 pixels: the fall begins beyond that.",
  chart: "Accuracy by distance",
  unit: "pixels shifted",
};

/** @param {import("./offset-count.js").Measured} measured */
export function distancesMeasured(measured) {
  return html`Share of ${images(measured)} that is read right. A shift by dx and dy pixels has the distance max(|dx|,
  |dy|); each number is the mean over all shifts of that distance.`;
}

/** @param {number | undefined} hidden layers; undefined for a CNN @param {number} params */
export function size(hidden, params) {
  const layers = hidden === undefined ? "CNN" : `${hidden} hidden ${hidden === 1 ? "layer" : "layers"}`;
  return `${layers}, ${counted(params)} parameters`;
}

/** @param {number} shown rows of a strip @param {number} [count] units of a dense layer; a convolution has none */
export const rows = (shown, count) =>
  count === undefined ? `${shown} units in a row of map 1` : `${shown} of ${count} units`;
