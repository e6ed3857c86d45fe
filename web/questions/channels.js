// The channels of a colour picture, each in its own colour: from black to red, to green, to blue.

/** @typedef {"red" | "green" | "blue" | "grey"} Channel */

/** @type {readonly Channel[]} */
export const CHANNELS = ["red", "green", "blue"];

/** What a channel's light adds to red, green and blue. @type {Record<Channel, [number, number, number]>} */
const LIGHT = { red: [1, 0, 0], green: [0, 1, 0], blue: [0, 0, 1], grey: [1, 1, 1] };

/** How bright the eye takes red, green and blue to be, as television has weighed them since 1953. */
const LUMINANCE = [0.299, 0.587, 0.114];

/** @param {Float32Array[]} planes red, green and blue @returns {Float32Array} how light each pixel is, in hundredths */
export const greyOf = ([red, green, blue]) =>
  red.map(
    (light, pixel) =>
      Math.round(100 * (light * LUMINANCE[0] + green[pixel] * LUMINANCE[1] + blue[pixel] * LUMINANCE[2])) / 100,
  );

/** A plane as it looks: what shines in red, green and blue. @param {Float32Array} plane @param {Channel} channel */
export const shining = (plane, channel) => LIGHT[channel].map((share) => (share ? plane : plane.map(() => 0)));

const STEPS = 255;

/**
 * The colours of a channel for `word` of ui/colour-scales.js: black up to zero.
 * @param {Channel} channel
 */
export function channelColours(channel) {
  const [red, green, blue] = LIGHT[channel];
  return Uint32Array.from({ length: 2 * STEPS + 1 }, (_, index) => {
    const light = Math.max(0, index - STEPS);
    return (0xff000000 | ((light * blue) << 16) | ((light * green) << 8) | (light * red)) >>> 0;
  });
}

/** Planes as Keras takes images: the channels of a cell side by side. @param {Float32Array[]} planes */
export const channelsLast = (planes) =>
  Float32Array.from(
    { length: planes.length * planes[0].length },
    (_, index) => planes[index % planes.length][Math.floor(index / planes.length)],
  );
