// How much is read of a file that people drop: checked before anything is allocated.

import { counted } from "../../ui/counted.js";

/** Bytes of all pixels of a data set at most: it is copied once on its way into the engine. */
export const MOST_PIXELS = 250_000_000;
/** Bytes of a file that is read as a whole. */
export const MOST_BYTES = 500_000_000;
/** Pixels along a side. */
export const MOST_SIDE = 512;
export const MOST_CLASSES = 256;
/** Classes that have no example to learn and one to validate teach nothing. */
export const LEAST_EXAMPLES = 4;

/** @param {string} name @param {number} bytes @throws if a file is larger than what is read as a whole */
export function checkFile(name, bytes) {
  if (bytes > MOST_BYTES) {
    throw new Error(`${name} has ${counted(bytes)} bytes; ${counted(MOST_BYTES)} is the most that is read of a file.`);
  }
}

/**
 * @param {string} name
 * @param {number} count of images
 * @param {readonly number[]} shape of one
 * @throws if they are larger than what is read
 */
export function checkImages(name, count, shape) {
  const [height, width, channels] = shape;
  if (!(height >= 1 && width >= 1 && height <= MOST_SIDE && width <= MOST_SIDE)) {
    throw new Error(`${name} holds images of ${height}×${width} pixels; 1 to ${MOST_SIDE} along a side are read.`);
  }
  if (channels !== 1 && channels !== 3) {
    throw new Error(`${name} holds images of ${channels} channels; 1 (grey) or 3 (red, green, blue) are read.`);
  }
  const bytes = count * height * width * channels;
  if (bytes > MOST_PIXELS) {
    const most = Math.floor(MOST_PIXELS / (height * width * channels));
    throw new Error(
      `${name} holds ${counted(count)} images of ${shape.join("×")}; ${counted(most)} of that size are the most that is ` +
        "read. Keep a part of it.",
    );
  }
}
