// The strongest patches of one filter, side by side on one canvas.

import { cellSize, paintPatches } from "../../ui/heat-map.js";
import { coloured } from "../../ui/image.js";
import { exampleImage } from "../../questions/examples.js";
import { cut, fieldOf } from "./regions.js";

/** @typedef {import("../../convscope.js").LabelledImages} LabelledImages */
/** @typedef {import("../../convscope.js").Summary} Summary */
/** @typedef {import("./strongest.js").Strongest} Strongest */

/** Patches in a row. */
const PER_ROW = 3;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ values: Float32Array, row: number, column: number }[]} patches of three channels
 * @param {{ width: number, height: number, rows: number, columns: number, gap: number }} options
 */
function paintColours(canvas, patches, { width, height, rows, columns, gap }) {
  Object.assign(canvas, { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap });
  const context = canvas.getContext("2d");
  for (const { values, row, column } of patches) {
    context?.putImageData(coloured(values, [height, width, 3]), column * (width + gap), row * (height + gap));
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Strongest[]} places of the filter, nine at most
 * @param {{ summary: Summary, layer: string, images: LabelledImages, space: number, dark: boolean }} options `space`:
 *   CSS pixels that the sheet may take either way
 */
export function paintSheet(canvas, places, { summary, layer, images, space, dark }) {
  const fields = places.map((place) => fieldOf(summary, layer, place));
  const { width, height } = fields[0];
  const patches = places.map(({ index }, rank) => ({
    values: cut(exampleImage(images, index), fields[rank], images.shape),
    row: Math.floor(rank / PER_ROW),
    column: rank % PER_ROW,
  }));
  const options = { width, height, rows: PER_ROW, columns: PER_ROW, gap: 1 };
  if (images.shape[2] === 3) paintColours(canvas, patches, options);
  else paintPatches(canvas, patches, { ...options, meaning: "ink", dark, limit: 1 });
  const cell = cellSize(PER_ROW * (Math.max(height, width) + 1) - 1, space);
  canvas.style.width = `${(PER_ROW * (width + 1) - 1) * cell}px`;
  canvas.style.height = `${(PER_ROW * (height + 1) - 1) * cell}px`;
}
