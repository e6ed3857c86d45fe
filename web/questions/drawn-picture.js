// A small colour picture that is drawn here, so that no file has to be loaded: a balloon over a hill with a house.

/** @typedef {[red: number, green: number, blue: number]} Colour 0 to 1 */
/** @typedef {{ colour: Colour, covers: (x: number, y: number) => boolean }} Shape in a square with sides of 1, y down */

/** @param {number} x @param {number} y @param {number} radius */
const circle = (x, y, radius) => (/** @type {number} */ right, /** @type {number} */ down) =>
  Math.hypot(right - x, down - y) < radius;

/** @param {number} left @param {number} top @param {number} right @param {number} bottom */
const box = (left, top, right, bottom) => (/** @type {number} */ x, /** @type {number} */ y) =>
  x >= left && x < right && y >= top && y < bottom;

/** From the back to the front. @type {Shape[]} */
const SHAPES = [
  { colour: [0.5, 0.8, 1], covers: () => true },
  { colour: [1, 0.85, 0.1], covers: circle(0.2, 0.2, 0.12) },
  { colour: [0.1, 0.6, 0.2], covers: (x, y) => y > 0.8 - 0.08 * Math.sin(Math.PI * x) },
  { colour: [1, 0.95, 0.8], covers: box(0.13, 0.58, 0.4, 0.84) },
  { colour: [0.1, 0.2, 0.8], covers: box(0.22, 0.67, 0.31, 0.84) },
  { colour: [0.7, 0.1, 0.1], covers: (x, y) => y < 0.58 && y > 0.42 + 0.85 * Math.abs(x - 0.265) },
  {
    colour: [0.2, 0.2, 0.2],
    covers: (x, y) => y > 0.45 && y < 0.66 && Math.abs(Math.abs(x - 0.7) - 0.2 * (0.72 - y)) < 0.012,
  },
  { colour: [0.9, 0.1, 0.1], covers: circle(0.7, 0.3, 0.21) },
  { colour: [1, 0.9, 0.3], covers: (x, y) => circle(0.7, 0.3, 0.21)(x, y) && Math.abs(x - 0.7) < 0.06 },
  { colour: [0.45, 0.3, 0.1], covers: box(0.64, 0.63, 0.76, 0.71) },
];

/** Points along an axis of a pixel whose colours are averaged. */
const SAMPLES = 4;

/**
 * @param {number} side in pixels
 * @returns {Float32Array[]} red, green and blue, in hundredths
 */
export function drawnPicture(side) {
  const places = Array.from({ length: SAMPLES }, (_, sample) => (sample + 0.5) / SAMPLES);
  const pixels = Array.from({ length: side * side }, (_, pixel) => {
    const colours = places.flatMap((down) =>
      places.map((right) => {
        const [x, y] = [((pixel % side) + right) / side, (Math.floor(pixel / side) + down) / side];
        return /** @type {Shape} */ (SHAPES.findLast(({ covers }) => covers(x, y))).colour;
      }),
    );
    return [0, 1, 2].map((channel) => colours.reduce((sum, colour) => sum + colour[channel], 0) / colours.length);
  });
  return [0, 1, 2].map((channel) => Float32Array.from(pixels, (colour) => Math.round(100 * colour[channel]) / 100));
}
