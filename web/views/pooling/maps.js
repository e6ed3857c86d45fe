// What the view begins with: a signal and maps on which the three kinds of pooling differ.

import { drawnPicture } from "../../questions/drawn-picture.js";
import { IMAGES, SIDE, patternImage } from "../../questions/patterns.js";

/** Cells along the side of a picture: too many to print a number in each. */
export const PICTURE_SIDE = 32;
/** The names of maps that are no patterns. */
export const [FEATURES, DRAWN, BROUGHT, OWN] = ["features", "drawn", "brought", "own"];

/** A long response that begins between two windows of 2, where a stride of 2 misses it, and a short one that a mean dilutes. */
export const SIGNAL = Float32Array.of(0, 0, 8, 8, 8, 0, 0, 0, 9, 0, 0, 0);

/** A map as a layer gives it: few places where its pattern was found, strong in the middle and weaker around. */
const FEATURE_MAP = ["00000000", "00000000", "00920040", "00410020", "00000000", "00030000", "70000082", "20000031"];

/** The maps that can be chosen. */
export const MAPS = [
  { value: FEATURES, text: "a feature map" },
  ...IMAGES.map(({ name, title }) => ({ value: name, text: title })),
  { value: DRAWN, text: "a balloon, 32×32" },
];

/**
 * @param {string} name of a feature map or a pattern
 * @returns {Float32Array} [SIDE × SIDE]
 */
export function mapNamed(name) {
  return name === FEATURES ? Float32Array.from(FEATURE_MAP.join(""), Number) : patternImage(name, 1)[0];
}

export const FIRST_MAP = mapNamed(FEATURES);

/** Red, green and blue of the picture that is drawn here. */
export const drawn = () => drawnPicture(PICTURE_SIDE);

export { SIDE };
