// Images as networks get them: grey ones are ink on paper, those of three channels have their own colours.

import { paint } from "./heat-map.js";
import { channelsFirst } from "./channels-first.js";

/** @typedef {readonly [height: number, width: number, channels: number]} ImageShape */

/**
 * @param {HTMLCanvasElement} canvas which gets a pixel for each of the image's
 * @param {Float32Array} values [height, width, channels], 0 to 1
 * @param {ImageShape} shape
 * @param {boolean} dark
 */
export function paintImage(canvas, values, [height, width, channels], dark) {
  if (channels === 1) return paint(canvas, values, { width, height, meaning: "ink", dark, limit: 1 });
  Object.assign(canvas, { width, height });
  canvas.getContext("2d")?.putImageData(coloured(values, [height, width, channels]), 0, 0);
}

/**
 * @param {Float32Array | Uint8Array} values [height, width, 3]
 * @param {ImageShape} shape
 * @param {number} [full] the value of full light
 */
export function coloured(values, [height, width, channels], full = 1) {
  const picture = new ImageData(width, height);
  const { data } = picture;
  const scale = 255 / full;
  for (let [from, to] = [0, 0]; to < data.length; from += channels) {
    data[to++] = scale * values[from];
    data[to++] = scale * values[from + 1];
    data[to++] = scale * values[from + 2];
    data[to++] = 255;
  }
  return picture;
}

/** One plane for each channel. @param {Float32Array} values [cells, channels] @param {number} channels */
export function planesOf(values, channels) {
  const planes = channelsFirst(values, channels);
  const cells = values.length / channels;
  return Array.from({ length: channels }, (_, channel) => planes.subarray(channel * cells, (channel + 1) * cells));
}

/** The sum over the channels of each cell. @param {Float32Array} values [cells, channels] @param {number} channels */
export function overChannels(values, channels) {
  if (channels === 1) return values;
  const sums = new Float32Array(values.length / channels);
  for (let index = 0; index < values.length; index++) sums[Math.floor(index / channels)] += values[index];
  return sums;
}
