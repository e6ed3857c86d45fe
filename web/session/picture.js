// Pictures that people bring, as a network gets them: at its size, in its channels, and where it has learnt MNIST, as
// MNIST's makers did it (LeCun et al. 1998).

import { SIDE, isDrawable } from "../data/image-size.js";

/** @typedef {import("../convscope.js").ImageShape} ImageShape */
/**
 * @typedef {object} Picture
 * @property {Float32Array} values [height, width, channels], 0 to 1
 * @property {ImageShape} shape
 * @property {string} title
 * @property {boolean} example whether it is of the data, and so is as networks get it
 * @property {boolean} inverted whether a network of one channel gets light as dark
 * @property {boolean} centred whether a network of MNIST's size gets the ink alone, at the size and place that MNIST's has
 */

/** How bright the eye takes red, green and blue to be. */
const LUMINANCE = [0.299, 0.587, 0.114];
/** Pixels along the longer side of a digit of MNIST. */
const BOX = 20;
/** Above that part of the strongest ink, a pixel is ink; below it is the paper's grain. */
const INK = 0.25;
/** As strong as the strongest is what so many of all pixels stay below: a bright speck is no ink. */
const FULL = 0.995;

/** @param {Float32Array} values @param {number} channels */
function grey(values, channels) {
  if (channels === 1) return values;
  const cells = new Float32Array(values.length / channels);
  return cells.map((_, cell) => LUMINANCE.reduce((sum, share, channel) => sum + share * values[cell * 3 + channel], 0));
}

/** @param {Float32Array} values @param {number} part 0 to 1 of them that are smaller */
const quantile = (values, part) => Float32Array.from(values).sort()[Math.floor(part * (values.length - 1))] ?? 0;

/** The paper's shade: the median along the edges. @param {Float32Array} values @param {number} height @param {number} width */
function shadeOf(values, height, width) {
  const edge = values.filter((_, cell) => {
    const [row, column] = [Math.floor(cell / width), cell % width];
    return row === 0 || column === 0 || row === height - 1 || column === width - 1;
  });
  return quantile(edge, 0.5);
}

/** Whether a picture is dark ink on light paper. @param {Float32Array} values @param {ImageShape} shape */
export const isOnPaper = (values, [height, width, channels]) => shadeOf(grey(values, channels), height, width) > 0.5;

/**
 * A part of an image at another size, each pixel the mean over what it covers.
 *
 * @param {Float32Array} values [height, width, channels]
 * @param {ImageShape} shape
 * @param {{ top: number, left: number, height: number, width: number }} part in its pixels
 * @param {[height: number, width: number]} size
 */
export function resized(values, [rows, columns, channels], part, [height, width]) {
  const out = new Float32Array(height * width * channels);
  const [along, across] = [part.height / height, part.width / width];
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [part.top + y * along, part.top + (y + 1) * along];
    for (let x = 0; x < width; x++) {
      const [left, right] = [part.left + x * across, part.left + (x + 1) * across];
      let area = 0;
      const sums = [0, 0, 0];
      for (let row = Math.max(0, Math.floor(top)); row < Math.min(rows, Math.ceil(bottom)); row++) {
        const high = Math.min(bottom, row + 1) - Math.max(top, row);
        for (let column = Math.max(0, Math.floor(left)); column < Math.min(columns, Math.ceil(right)); column++) {
          const weight = high * (Math.min(right, column + 1) - Math.max(left, column));
          area += weight;
          for (let channel = 0; channel < channels; channel++) {
            sums[channel] += weight * values[(row * columns + column) * channels + channel];
          }
        }
      }
      for (let channel = 0; channel < channels; channel++)
        out[(y * width + x) * channels + channel] = sums[channel] / (area || 1);
    }
  }
  return out;
}

/** White ink on black, in a box of 20×20, its centre of mass in the middle. @param {Float32Array} values @param {number} height @param {number} width */
function asMnist(values, height, width) {
  const shade = shadeOf(values, height, width);
  const full = quantile(values, FULL) - shade;
  const ink = values.map((value) => (full > 0 ? Math.min(1, Math.max(0, (value - shade) / full)) : 0));
  const strong = ink.map((value) => (value > INK ? value : 0));
  const inked = Array.from(strong.keys()).filter((cell) => strong[cell] > 0);
  const image = new Float32Array(SIDE * SIDE);
  if (!inked.length) return image;
  const rows = inked.map((cell) => Math.floor(cell / width));
  const columns = inked.map((cell) => cell % width);
  const ends = (/** @type {number[]} */ places) =>
    places.reduce(([low, high], place) => [Math.min(low, place), Math.max(high, place + 1)], [Infinity, 0]);
  const [[top, bottom], [left, right]] = [ends(rows), ends(columns)];
  const scale = BOX / Math.max(bottom - top, right - left);
  const [high, wide] = [bottom - top, right - left].map((side) => Math.max(1, Math.round(side * scale)));
  const box = resized(strong, [height, width, 1], { top, left, height: bottom - top, width: right - left }, [
    high,
    wide,
  ]);
  const most = box.reduce((largest, value) => Math.max(largest, value), 0);
  const mass = box.reduce((sum, value) => sum + value, 0);
  const middle = (/** @type {(cell: number) => number} */ place) =>
    box.reduce((sum, value, cell) => sum + value * (place(cell) + 0.5), 0) / mass;
  const down = Math.round(SIDE / 2 - middle((cell) => Math.floor(cell / wide)));
  const over = Math.round(SIDE / 2 - middle((cell) => cell % wide));
  for (const [cell, value] of box.entries()) {
    const [row, column] = [Math.floor(cell / wide) + down, (cell % wide) + over];
    if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) image[row * SIDE + column] = value / most;
  }
  return image;
}

/** The middle part that has the sides of the target. @param {ImageShape} from @param {ImageShape} to */
function middleOf([rows, columns], [height, width]) {
  const scale = Math.min(rows / height, columns / width);
  const [high, wide] = [height * scale, width * scale];
  return { top: (rows - high) / 2, left: (columns - wide) / 2, height: high, width: wide };
}

/** Moved by whole pixels; what comes in is black. @param {Float32Array} values @param {ImageShape} shape @param {readonly [number, number]} shift */
function moved(values, [height, width, channels], [right, down]) {
  if (!right && !down) return values;
  const out = new Float32Array(values.length);
  return out.map((_, index) => {
    const cell = Math.floor(index / channels);
    const [row, column] = [Math.floor(cell / width) - down, (cell % width) - right];
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? values[(row * width + column) * channels + (index % channels)] : 0;
  });
}

/**
 * @param {Picture} picture
 * @param {ImageShape} shape what the network reads
 * @param {readonly [right: number, down: number]} [shift] in its pixels
 * @returns {Float32Array} [height, width, channels], 0 to 1
 */
export function inputOf({ values, shape: own, example, inverted, centred }, shape, shift = [0, 0]) {
  if (example && own.join() === shape.join()) return moved(values, shape, shift);
  const [height, width, channels] = shape;
  let source = values;
  if (channels === 1) {
    source = grey(values, own[2]);
    if (inverted) source = source.map((value) => 1 - value);
    if (centred && isDrawable(shape)) return moved(asMnist(source, own[0], own[1]), shape, shift);
  }
  /** @type {ImageShape} */
  const from = [own[0], own[1], channels === 1 ? 1 : own[2]];
  const small = resized(source, from, middleOf(own, shape), [height, width]);
  const fitting =
    from[2] === channels
      ? small
      : Float32Array.from({ length: 3 * small.length }, (_, index) => small[Math.floor(index / 3)]);
  return moved(fitting, shape, shift);
}
