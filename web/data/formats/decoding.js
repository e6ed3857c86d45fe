// Pictures as pixels: the browser decodes them.

import { roleOf, titleOf, together } from "./found.js";
import { picturesRead, undecodable } from "./words.js";

/** @typedef {import("./pictures.js").Album} Album */
/** @typedef {import("./pictures.js").Picture} Picture */

/** Pictures that are decoded at the same time. */
const AT_ONCE = 4;
/** Milliseconds after which the page gets its turn. */
const TURN_MS = 16;

/** @param {Uint8ClampedArray} rgba @param {Uint8Array} rgb to be written @returns {boolean} whether it has colour */
function withoutAlpha(rgba, rgb) {
  let colour = false;
  for (let [from, to] = [0, 0]; from < rgba.length; from += 4) {
    const [red, green, blue] = [rgba[from], rgba[from + 1], rgba[from + 2]];
    colour ||= red !== green || green !== blue;
    rgb[to++] = red;
    rgb[to++] = green;
    rgb[to++] = blue;
  }
  return colour;
}

/**
 * @param {Album} album
 * @param {(part: number) => void} tell
 * @param {AbortSignal} signal
 * @returns {Promise<import("./found.js").Found>}
 * @throws in one sentence, if one cannot be decoded
 */
export async function decoded({ title, pictures, size, alike }, tell, signal) {
  const { width, height } = size;
  const cells = width * height;
  const rgb = new Uint8Array(3 * cells * pictures.length);
  const canvas = Object.assign(document.createElement("canvas"), size);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.imageSmoothingQuality = "high";
  let colour = false;
  let turn = performance.now();
  /** @param {ImageBitmap} bitmap @param {number} place */
  const draw = (bitmap, place) => {
    const cut = Math.min(bitmap.width, bitmap.height);
    const [across, along] = alike ? [bitmap.width, bitmap.height] : [cut, cut];
    // Where a picture is transparent, it is black, as the pixels of MNIST where nothing is.
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    const [left, top] = [(bitmap.width - across) / 2, (bitmap.height - along) / 2];
    context.drawImage(bitmap, left, top, across, along, 0, 0, width, height);
    bitmap.close();
    const { data } = context.getImageData(0, 0, width, height);
    const own = withoutAlpha(data, rgb.subarray(3 * cells * place, 3 * cells * (place + 1)));
    colour ||= own;
  };
  for (let first = 0; first < pictures.length; first += AT_ONCE) {
    signal.throwIfAborted();
    const bitmaps = pictures.slice(first, first + AT_ONCE).map((picture) => bitmapOf(picture));
    for (const [index, bitmap] of (await Promise.all(bitmaps)).entries()) draw(bitmap, first + index);
    tell(first / pictures.length);
    if (performance.now() - turn < TURN_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    turn = performance.now();
  }
  const note = picturesRead({ count: pictures.length, size, alike, colour });
  const parts = partsOf(pictures, colour ? rgb : onePlane(rgb), [height, width, colour ? 3 : 1]);
  return together(parts, { title: titleOf(title), note });
}

/**
 * The pictures that are learnt from, and those that are kept apart, as their folders say.
 *
 * @param {Picture[]} pictures
 * @param {Uint8Array} pixels
 * @param {import("./found.js").ImageShape} shape
 */
function partsOf(pictures, pixels, shape) {
  const size = shape[0] * shape[1] * shape[2];
  /** @type {Map<string, number[]>} */
  const byRole = new Map();
  for (const [index, { name }] of pictures.entries()) {
    const role = roleOf(name.replace(/[^/\\]*$/, ""));
    const own = byRole.get(role);
    if (own) own.push(index);
    else byRole.set(role, [index]);
  }
  return Array.from(byRole, ([role, indices]) => {
    const own = new Uint8Array(indices.length * size);
    indices.forEach((index, place) => own.set(pixels.subarray(index * size, (index + 1) * size), place * size));
    return { name: role, shape, pixels: own, said: indices.map((index) => pictures[index].said) };
  });
}

/** @param {Uint8Array} rgb of grey pictures */
const onePlane = (rgb) => Uint8Array.from({ length: rgb.length / 3 }, (_, cell) => rgb[3 * cell]);

/** @param {Picture} picture */
async function bitmapOf({ name, content }) {
  return createImageBitmap(content).catch(() => {
    throw new Error(undecodable(name));
  });
}
