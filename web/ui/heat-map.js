import { colours, word } from "./colour-scales.js";

/** @typedef {import("./colour-scales.js").Meaning} Meaning */

/** @typedef {{ width: number, height: number }} Size in cells */
/** @typedef {{ meaning: Meaning, dark: boolean, limit: number }} Painting `limit` is the value of full colour */

/**
 * The largest finite absolute value; never 0, so that it can divide.
 * @param {Float32Array} values
 */
export function largest(values) {
  let limit = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > limit && size < Infinity) limit = size;
  }
  return limit > 0 ? limit : 1;
}

/** @param {Float32Array} values */
export function range(values) {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** @type {WeakMap<HTMLCanvasElement, ImageData>} */
const buffers = new WeakMap();

/**
 * The canvas' pixels to write on, one pixel a cell; CSS enlarges them (`image-rendering: pixelated`).
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 */
function pixels(canvas, { width, height }) {
  let buffer = buffers.get(canvas);
  if (!buffer || buffer.width !== width || buffer.height !== height) {
    canvas.width = width;
    canvas.height = height;
    buffer = new ImageData(width, height);
    buffers.set(canvas, buffer);
  }
  return buffer;
}

/**
 * Paints one map, row by row.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} values [height × width]
 * @param {Size & Painting} options
 */
export function paint(canvas, values, { width, height, meaning, dark, limit }) {
  const buffer = pixels(canvas, { width, height });
  const out = new Uint32Array(buffer.data.buffer);
  const words = colours(meaning, dark);
  for (let i = 0; i < out.length; i++) out[i] = word(words, values[i], limit);
  canvas.getContext("2d", { willReadFrequently: true })?.putImageData(buffer, 0, 0);
}

/**
 * Paints many maps of one size on one canvas, in the device's own pixels and transparent between them: every canvas is
 * one more layer for the browser to put together, in each frame of the page.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array[]} maps [height × width] each; the paper shows where there is none
 * @param {Size & { count: number, cell: Size, side: number, perRow: number, meaning: Meaning, dark: boolean, limit?:
 *   number }} options `count` maps have room; `cell` and `side`, that of the square in whose middle a map stands, in
 *   CSS pixels; `limit` is each map's own, if left out
 */
export function paintTiles(canvas, maps, { count, width, height, cell, side, perRow, meaning, dark, limit }) {
  const ratio = globalThis.devicePixelRatio || 1;
  const device = (/** @type {number} */ length) => Math.round(length * ratio);
  const rows = Math.ceil(count / perRow);
  const buffer = pixels(canvas, { width: device(perRow * side), height: device(rows * side) });
  canvas.style.width = `${buffer.width / ratio}px`;
  canvas.style.height = `${buffer.height / ratio}px`;
  const out = new Uint32Array(buffer.data.buffer);
  const words = colours(meaning, dark);
  const [across, along] = [device(cell.width), device(cell.height)];
  out.fill(0);
  for (const [index, values] of maps.entries()) {
    const full = limit ?? largest(values);
    const left = device((index % perRow) * side + (side - width * cell.width) / 2);
    const top = device(Math.floor(index / perRow) * side + (side - height * cell.height) / 2);
    for (let y = 0; y < height; y++) {
      const start = (top + y * along) * buffer.width + left;
      let at = start;
      for (let x = 0; x < width; x++) {
        const colour = word(words, values[y * width + x], full);
        for (const end = at + across; at < end; at++) out[at] = colour;
      }
      for (let row = 1; row < along; row++) out.copyWithin(start + row * buffer.width, start, at);
    }
  }
  canvas.getContext("2d", { willReadFrequently: true })?.putImageData(buffer, 0, 0);
}

/**
 * Paints many patches of one size on one canvas, one transparent cell apart.
 * @param {HTMLCanvasElement} canvas
 * @param {{ values: Float32Array, row: number, column: number }[]} patches
 * @param {Size & { rows: number, columns: number, gap: number } & Painting} options
 *   `width` and `height` are a patch's
 */
export function paintPatches(canvas, patches, { width, height, rows, columns, gap, meaning, dark, limit }) {
  const [stepX, stepY] = [width + gap, height + gap];
  const buffer = pixels(canvas, { width: columns * stepX - gap, height: rows * stepY - gap });
  const out = new Uint32Array(buffer.data.buffer);
  const words = colours(meaning, dark);
  out.fill(0);
  for (const { values, row, column } of patches) {
    for (let y = 0; y < height; y++) {
      const start = (row * stepY + y) * buffer.width + column * stepX;
      for (let x = 0; x < width; x++) out[start + x] = word(words, values[y * width + x], limit);
    }
  }
  canvas.getContext("2d", { willReadFrequently: true })?.putImageData(buffer, 0, 0);
}

/**
 * The side of one cell in CSS pixels so that it covers whole device pixels and `cells` of them stay within `space`.
 * @param {number} cells
 * @param {number} space CSS pixels
 */
export function cellSize(cells, space) {
  const ratio = globalThis.devicePixelRatio || 1;
  return Math.max(1, Math.floor((space * ratio) / cells)) / ratio;
}
