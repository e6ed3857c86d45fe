import { pageData } from "./page-data.js";

/** @typedef {import("../convscope.js").ImageShape} ImageShape */

/**
 * An image of the data that the network learns from, which it has not learnt itself.
 *
 * @param {number | undefined} label any, if left out
 * @param {number} dice
 * @param {ImageShape} shape what the network reads
 * @returns {Promise<import("./drawing.js").Drawing>}
 * @throws in words, if the data's images are of another shape
 */
export async function sampleOf(label, dice, shape) {
  const { title, classes, validation, test = validation } = await pageData().ready();
  if (test.shape.join() !== shape.join()) {
    throw new Error(
      `This network reads images of ${shape.join("×")}, those of ${title} are ${test.shape.join("×")}. Choose a picture, or ` +
        "the data that it has learnt.",
    );
  }
  const { labels, pixels } = test;
  const fitting = Array.from(labels.keys()).filter((index) => label === undefined || labels[index] === label);
  const index = fitting[dice % fitting.length] ?? dice % labels.length;
  const size = shape[0] * shape[1] * shape[2];
  const values = Float32Array.from(pixels.subarray(index * size, (index + 1) * size), (byte) => byte / 255);
  const picture = { values, shape, title: classes[labels[index]], example: true, inverted: false, centred: false };
  return { strokes: [], shift: [0, 0], picture };
}
