import { pageEngine } from "./page-engine.js";

/** @typedef {import("./drawing.js").Point} Point */

/** @type {WeakMap<readonly (readonly Point[])[], Float32Array>} */
const images = new WeakMap();

/**
 * The 28×28 image of strokes. The same strokes are drawn once: where only the network has changed, its answer is all to
 * wait for.
 * @param {readonly (readonly Point[])[]} strokes
 */
export async function rasterized(strokes) {
  const known = images.get(strokes);
  if (known) return known;
  const { image } = await (await pageEngine()).rasterize(/** @type {Point[][]} */ (strokes));
  images.set(strokes, image);
  return image;
}
