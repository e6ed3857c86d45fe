import { channels as channelsOf } from "../../ui/colour-scales.js";
import { classColour } from "./class-colours.js";
import { coloured } from "../../ui/image.js";
import { exampleImage } from "../../questions/examples.js";

/** @typedef {import("../../convscope.js").LabelledImages} LabelledImages */
/** @typedef {{ x: number, y: number }} Spot in CSS pixels */
/** @typedef {{ width: number, height: number }} Size in CSS pixels */

/** CSS pixels. */
const FONT = 12;
const PICTURE = 18;
const MARGIN = 22;
const RING = 10;
const DOT = 1.75;

/** @param {ArrayLike<number>} places [n, 2] @returns {number[]} left, bottom, right, top */
function boundsOf(places) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let at = 0; at < places.length; at++) {
    low[at % 2] = Math.min(low[at % 2], places[at]);
    high[at % 2] = Math.max(high[at % 2], places[at]);
  }
  return [...low, ...high];
}

/**
 * From coordinates to a picture's pixels, with one scale for both axes. A place outside stands on the edge.
 *
 * @param {ArrayLike<number>} places [n, 2], all that are to fit in
 * @param {Size} size
 * @returns {(at: ArrayLike<number>, index?: number) => Spot}
 */
export function fitted(places, { width, height }) {
  const [left, bottom, right, top] = boundsOf(places);
  const scale = Math.min((width - 2 * MARGIN) / (right - left || 1), (height - 2 * MARGIN) / (top - bottom || 1));
  const within = (/** @type {number} */ value, /** @type {number} */ end) =>
    Math.max(MARGIN / 2, Math.min(end - MARGIN / 2, value));
  return (at, index = 0) => ({
    x: within(width / 2 + scale * (at[2 * index] - (left + right) / 2), width),
    y: within(height / 2 - scale * (at[2 * index + 1] - (bottom + top) / 2), height),
  });
}

/** @param {CanvasRenderingContext2D} context @param {Spot} spot */
export function ring(context, { x, y }) {
  context.beginPath();
  context.arc(x, y, RING, 0, 2 * Math.PI);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Spot} spot */
export function square(context, { x, y }) {
  context.strokeRect(x - RING + 1, y - RING + 1, 2 * RING - 2, 2 * RING - 2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Spot[]} spots
 * @param {LabelledImages} images
 * @param {boolean} dark
 */
export function paintDots(context, spots, { labels }, dark) {
  for (const [index, { x, y }] of spots.entries()) {
    context.fillStyle = classColour(labels[index], dark);
    context.beginPath();
    context.arc(x, y, DOT, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * The number of its class for each of some examples.
 * @param {CanvasRenderingContext2D} context
 * @param {Spot[]} spots of all
 * @param {number[]} indices
 * @param {LabelledImages} images
 * @param {{ dark: boolean, family: string, paper: string }} style
 */
export function paintCharacters(context, spots, indices, { labels }, { dark, family, paper }) {
  context.font = `600 ${FONT}px ${family}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = paper;
  for (const index of indices) {
    const { x, y } = spots[index];
    const text = String(labels[index]);
    // A seam of paper keeps it apart from the dots around it.
    context.strokeText(text, x, y);
    context.fillStyle = classColour(labels[index], dark);
    context.fillText(text, x, y);
  }
}

/**
 * All examples one below the other: ink in the colours of their classes on nothing, colour pictures as they are.
 * @param {LabelledImages} images
 * @param {boolean} dark
 */
export function pictureSheet(images, dark) {
  const [height, width, channels] = images.shape;
  const canvas = Object.assign(document.createElement("canvas"), { width, height: height * images.labels.length });
  const context = canvas.getContext("2d");
  for (const [index, label] of images.labels.entries()) {
    const values = exampleImage(images, index);
    const picture = channels === 3 ? coloured(values, images.shape) : new ImageData(width, height);
    const colour = channelsOf(classColour(label, dark));
    if (channels === 1) values.forEach((ink, pixel) => picture.data.set([...colour, 255 * ink], 4 * pixel));
    context?.putImageData(picture, 0, height * index);
  }
  return canvas;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Spot[]} spots of all examples
 * @param {number[]} indices of those that are drawn
 * @param {HTMLCanvasElement} sheet
 */
export function paintPictures(context, spots, indices, sheet) {
  const [width, height] = [sheet.width, sheet.height / spots.length];
  for (const index of indices) {
    const { x, y } = spots[index];
    context.drawImage(sheet, 0, height * index, width, height, x - PICTURE / 2, y - PICTURE / 2, PICTURE, PICTURE);
  }
}

/**
 * A text beside a ringed spot, on whichever side it fits.
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {string} text
 * @param {{ width: number, colour: string, paper: string, family: string }} style `width`: of the picture
 */
export function paintName(context, { x, y }, text, { width, colour, paper, family }) {
  context.font = `600 13px ${family}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const space = RING + 5;
  const long = context.measureText(text).width;
  const from = x + space + long < width ? x + space : x - space - long;
  // A seam of paper keeps the name apart from the points under it.
  context.strokeStyle = paper;
  context.lineWidth = 5;
  context.lineJoin = "round";
  context.strokeText(text, from, y);
  context.fillStyle = colour;
  context.fillText(text, from, y);
}
