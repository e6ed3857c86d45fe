// Small images to begin with.

/** Cells along the side of an image. */
export const SIDE = 8;
/** Cells along the side of a kernel. */
export const KERNEL = 3;

/** @typedef {{ name: string, title: string, rows: string[] }} Pattern of an image, a letter a cell: see `LIGHT` */

/** How much red, green and blue a letter stands for. @type {Record<string, [number, number, number]>} */
const LIGHT = { ".": [0, 0, 0], w: [1, 1, 1], r: [1, 0, 0], g: [0, 1, 0], b: [0, 0, 1], y: [1, 1, 0] };

/** @type {Pattern[]} */
export const IMAGES = [
  {
    name: "cross",
    title: "a ×",
    rows: ["r.....r.", ".r...r..", "..r.r...", "...r....", "..r.r...", ".r...r..", "r.....r.", "........"],
  },
  {
    name: "plus",
    title: "a +",
    rows: ["...g....", "...g....", "...g....", "ggggggg.", "...g....", "...g....", "...g....", "........"],
  },
  {
    name: "both",
    title: "×, + and a line",
    rows: ["r.r.....", ".r......", "r.r.....", "........", ".b...g..", ".b..ggg.", ".b...g..", ".b......"],
  },
  {
    name: "digit",
    title: "a 4",
    rows: ["........", ".w...w..", ".w...w..", ".w...w..", ".wwwwww.", ".....w..", ".....w..", "........"],
  },
  {
    name: "lines",
    title: "lines",
    rows: [".b......", ".b......", ".b......", ".b..yyyy", ".b......", ".b......", ".b..wwww", ".b......"],
  },
  { name: "blank", title: "blank", rows: Array.from({ length: SIDE }, () => "........") },
];

/**
 * @param {string} name of a pattern
 * @param {number} channels 1: any light is white
 * @returns {Float32Array[]} a plane for each channel
 */
export function patternImage(name, channels) {
  const { rows } = IMAGES.find((pattern) => pattern.name === name) ?? IMAGES[0];
  const letters = rows.join("");
  const light = (/** @type {string} */ letter, /** @type {number} */ channel) =>
    channels === 1 ? Math.max(...LIGHT[letter]) : LIGHT[letter][channel];
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from(letters, (letter) => light(letter, channel)),
  );
}
