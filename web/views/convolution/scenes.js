// What the view begins with: an image and filters, of one channel and of three.

import { presetKernel } from "../../questions/kernel-presets.js";
import { KERNEL, patternImage } from "../../questions/patterns.js";
import { OWN } from "./filter-card.js";

/** @typedef {import("./filters.js").Filter} Filter */
/**
 * @typedef {object} Scene what a person has put together
 * @property {string} pattern the image's name
 * @property {Float32Array[]} planes of the image before it is shifted
 * @property {readonly [number, number]} shift
 * @property {Filter[]} filters
 * @property {number} chosen the filter that is taken apart
 */

/** @param {string} name of a preset */
export const kernelNamed = (name) => presetKernel(name, KERNEL, KERNEL);

/** @type {Record<1 | 3, Scene>} */
export const FIRST = {
  1: {
    pattern: "cross",
    planes: patternImage("cross", 1),
    shift: [0, 0],
    filters: ["vertical-line", "horizontal-line", "cross", "plus"].map((title) => ({
      title,
      kernels: [kernelNamed(title)],
    })),
    chosen: 2,
  },
  3: {
    pattern: "both",
    planes: patternImage("both", 3),
    shift: [0, 0],
    filters: [
      { title: OWN, kernels: ["cross", "zero", "zero"].map(kernelNamed) },
      { title: OWN, kernels: ["cross", "plus", "vertical-line"].map(kernelNamed) },
    ],
    chosen: 1,
  },
};
