// What is on the pad: pen strokes, and how far the arrow keys have moved them. Pixels are made from it in the engine.

import { SIDE } from "../data/image-size.js";

/** @typedef {[number, number]} Point x to the right, y down; 1 is the side of the pad */
/** @typedef {Point[]} Stroke */
/**
 * @typedef {object} Drawing
 * @property {readonly Stroke[]} strokes as drawn
 * @property {readonly [number, number]} shift to the right and down, in pixels of the network's input
 * @property {import("./picture.js").Picture} [picture] that is there instead of strokes
 */

/** @type {Drawing} */
export const BLANK = { strokes: [], shift: [0, 0] };

const STEPS = 1023;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * The drawing moved, at most half a side from where it was drawn.
 * @param {Drawing} drawing
 * @param {number} right
 * @param {number} down
 * @returns {Drawing}
 */
export function shifted({ shift, ...drawing }, right, down) {
  const limit = (/** @type {number} */ value) => Math.max(-SIDE / 2, Math.min(SIDE / 2, value));
  return { ...drawing, shift: [limit(shift[0] + right), limit(shift[1] + down)] };
}

/** @param {Drawing["shift"]} shift @returns {string} "3 left, 1 down"; nothing where it is not moved */
export function shiftWords([right, down]) {
  const across = right ? [`${Math.abs(right)} ${right < 0 ? "left" : "right"}`] : [];
  const along = down ? [`${Math.abs(down)} ${down < 0 ? "up" : "down"}`] : [];
  return [...across, ...along].join(", ");
}

/**
 * The image moved by whole pixels; what leaves it is lost, what comes in is black.
 * @param {Float32Array} image [height × width]
 * @param {readonly [number, number]} shift
 */
export function shiftedImage(image, [right, down], width = SIDE, height = width) {
  if (right === 0 && down === 0) return image;
  const moved = new Float32Array(image.length);
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
      moved[y * width + x] = image[(y - down) * width + x - right];
    }
  }
  return moved;
}

/**
 * Strokes as text for an address: per stroke its length, then steps of 1/1023 of the pad from point to point, as
 * zigzag numbers in groups of five bits.
 * @param {readonly Stroke[]} strokes
 */
export function packStrokes(strokes) {
  let text = "";
  const put = (/** @type {number} */ value) => {
    for (; value > 31; value >>>= 5) text += DIGITS[(value & 31) | 32];
    text += DIGITS[value];
  };
  const putSigned = (/** @type {number} */ value) => put(value < 0 ? -2 * value - 1 : 2 * value);
  let [x, y] = [0, 0];
  for (const stroke of strokes) {
    put(stroke.length);
    for (const point of stroke) {
      const [nextX, nextY] = [Math.round(point[0] * STEPS), Math.round(point[1] * STEPS)];
      putSigned(nextX - x);
      putSigned(nextY - y);
      [x, y] = [nextX, nextY];
    }
  }
  return text;
}

/**
 * The strokes of {@link packStrokes}. Text that is cut short or wrong gives the strokes before the fault.
 * @param {string} text
 * @returns {Stroke[]}
 */
export function unpackStrokes(text) {
  let place = 0;
  const take = () => {
    let [value, shift, digit] = [0, 0, 0];
    do {
      digit = DIGITS.indexOf(text.charAt(place++));
      if (place > text.length || digit < 0 || shift > 20) throw new RangeError("not packed strokes");
      value |= (digit & 31) << shift;
      shift += 5;
    } while (digit & 32);
    return value;
  };
  const takeSigned = () => {
    const value = take();
    return value & 1 ? -(value + 1) / 2 : value / 2;
  };
  /** @type {Stroke[]} */
  const strokes = [];
  let [x, y] = [0, 0];
  try {
    while (place < text.length) {
      /** @type {Stroke} */
      const stroke = [];
      for (let left = take(); left > 0; left--) {
        x += takeSigned();
        y += takeSigned();
        stroke.push([x / STEPS, y / STEPS]);
      }
      if (stroke.length) strokes.push(stroke);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return strokes;
}
