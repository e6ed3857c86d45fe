// What was found out about the shipped models before they were shipped, on the part of MNIST that the page carries:
// `cargo xtask results` writes these files, and a test holds them to the weights that they belong to.

import { jsonResource } from "../engine/resources.js";

/** @typedef {{ count: number, digest: string }} Images that something was measured on */
/**
 * @typedef {object} AccuracyByOffset
 * @property {Images} images
 * @property {Record<string, { weights: string, right: number[] }>} networks by their names in the catalogue: how many of
 *   the images each reads right at every offset, row by row
 */
/** @typedef {{ name: string, units: number, first: number }} RankedLayer */
/**
 * @typedef {object} StrongestPatches
 * @property {Images} images
 * @property {string} weights
 * @property {{ layers: RankedLayer[], places: number, ranking: number[], examples: number }} found
 */

/**
 * What the shipped networks read right when MNIST's test images are moved.
 *
 * @returns {Promise<AccuracyByOffset>}
 */
export async function accuracyByOffset() {
  return jsonResource("models/results/accuracy-by-offset.json", ({ images, networks }) => images && networks);
}

/**
 * Where the filters of a shipped network respond most among MNIST's training images.
 *
 * @param {string} name in the catalogue, of a network with convolutions
 * @returns {Promise<StrongestPatches>}
 */
export async function strongestPatches(name) {
  return jsonResource(`models/results/${name}-strongest.json`, ({ images, found }) => images && found.layers);
}
