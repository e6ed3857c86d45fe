// What the view begins with: an image and filters, of one channel and of three.

import { drawnPicture } from "../../questions/drawn-picture.js";
import { greyOf } from "../../questions/channels.js";
import { SIDE, patternImage } from "../../questions/patterns.js";
import { OWN, filterNamed, kernelNamed } from "./filter-presets.js";

/** @typedef {import("./filters.js").Filter} Filter */
/** @typedef {1 | 3} Channels */
/**
 * @typedef {object} Scene what a person has put together
 * @property {string} pattern the image's name
 * @property {Float32Array[]} planes of the image before it is shifted
 * @property {number} side of the image, in cells
 * @property {readonly [number, number]} shift
 * @property {Filter[]} filters
 * @property {number} chosen the filter that is taken apart
 */

/** Cells along the side of a picture: too many to print a number in each. */
export const PICTURE_SIDE = 32;
/** The names of a picture that is drawn here, and of one that a person has brought. */
export const [DRAWN, BROUGHT] = ["drawn", "brought"];

/** Those that a picture begins with. @type {Record<Channels, Filter[]>} */
const PICTURE_FILTERS = {
  1: ["edge", "outline", "blur"].map((name) => filterNamed(name, 1)),
  3: ["edge", "outline", "red"].map((name) => filterNamed(name, 3)),
};

/** @type {Record<Channels, Scene>} */
export const FIRST = {
  1: {
    pattern: "cross",
    planes: patternImage("cross", 1),
    side: SIDE,
    shift: [0, 0],
    filters: ["vertical-line", "horizontal-line", "cross", "plus"].map((name) => filterNamed(name, 1)),
    chosen: 2,
  },
  3: {
    pattern: "both",
    planes: patternImage("both", 3),
    side: SIDE,
    shift: [0, 0],
    filters: [
      { title: OWN, kernels: ["cross", "zero", "zero"].map(kernelNamed), bias: 0 },
      { title: OWN, kernels: ["cross", "plus", "vertical-line"].map(kernelNamed), bias: 0 },
    ],
    chosen: 1,
  },
};

/**
 * What changes in a scene with another image: filters that nobody has touched make room for those that suit it.
 * @param {Scene} scene
 * @param {Channels} channels
 * @param {string} pattern
 * @param {Float32Array[]} planes
 * @returns {Scene}
 */
function withImage(scene, channels, pattern, planes) {
  const side = Math.sqrt(planes[0].length);
  const [pictured, patterned] = [PICTURE_FILTERS[channels], FIRST[channels].filters];
  const untouched = scene.filters === pictured || scene.filters === patterned;
  const filters = untouched ? (side === PICTURE_SIDE ? pictured : patterned) : scene.filters;
  return { pattern, planes, side, shift: [0, 0], filters, chosen: Math.min(scene.chosen, filters.length - 1) };
}

/** @param {Scene} scene @param {Channels} channels @param {string} name of a pattern */
export const withPattern = (scene, channels, name) => withImage(scene, channels, name, patternImage(name, channels));

/** @param {Scene} scene @param {Channels} channels @param {string} name @param {Float32Array[]} colours of the picture */
export const withPicture = (scene, channels, name, colours) =>
  withImage(scene, channels, name, channels === 1 ? [greyOf(colours)] : colours);

export const drawn = () => drawnPicture(PICTURE_SIDE);
