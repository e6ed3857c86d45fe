// What the view says.

import { html } from "lit";
import { counted } from "../../ui/counted.js";
import { percent } from "../../ui/numbers.js";

/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "To a network a drawing is a point in a space of many dimensions: the numbers of a layer. This map shows that space along the two directions in which it varies most (principal components). Before the answer, a trained network has moved the classes apart.",
  question: {
    text: "some classes overlap on the map, and most of their digits are still read correctly. How?",
    answers: [
      "by guessing",
      "they lie apart in directions that the map leaves out",
      "the pixels are read a second time",
    ],
    right: 1,
    because:
      "Two directions hold only a part of the variance: how much is printed beside the map. The network uses all of them.",
  },
};

export const WAITING = "Waiting for test examples…";
export const NO_HIDDEN =
  "This network has no hidden layer, so there is no space between pixels and answer to be shown.";
export const POINT = "Point at an example, or move to one with the arrow keys; click or press Enter to keep it here.";
export const MAP = "Map of the test examples";
export const PICTURES = "draw the examples themselves";
export const SPACE = "Space";
export const THINNED = "Where digits would overlap, some are drawn as dots in their colours.";

/** @param {string} layer @param {number} width */
export function hidden(layer, width) {
  return `${layer}: ${counted(width)} numbers`;
}

/** @param {number} outputs */
export function sums(outputs) {
  return `the ${outputs} sums of the last layer (logits)`;
}

/** @param {string} title of the data @param {number} count @param {number} wrong */
export function accuracy(title, count, wrong) {
  return html`read wrongly: <data value=${wrong}>${wrong}</data> of ${counted(count)} test images (${title}), so
    ${percent(1 - wrong / count)} are read right`;
}

/** @param {number} first share of the variance @param {number} second @param {number} width of the space */
export function variance(first, second, width) {
  return html`This plane holds <strong>${percent(first + second)}</strong> of the variance of the ${counted(width)}
    numbers: <data class="explained" value=${first}>${percent(first)}</data> along the first component, to the right,
    and <data class="explained" value=${second}>${percent(second)}</data> along the second, upwards.`;
}
