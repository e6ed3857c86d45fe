// What the view says.

import { html, nothing } from "lit";
import { counted } from "../../ui/counted.js";
import { number } from "../../ui/numbers.js";

/** @param {string | undefined} name of the digit that is drawn @returns {import("../../ui/lesson.js").Lesson} */
export function lesson(name) {
  return {
    caption:
      "Which pixels does an answer rest on? Cover some of the ink, and the probability may drop; the gradient shows to which pixels the answer reacts, and the last hidden layer which digits it takes for similar.",
    question: {
      text: `where must one square lie to turn ${name === undefined ? "a digit" : `this ${name}`} into something else?`,
      answers: ["anywhere on the ink", "on the empty paper beside the ink", "on a few spots that tell digits apart"],
      right: 2,
      because:
        "At most places one square changes nothing: the rest of the digit is enough. The map below shows the spots that matter, if there are any.",
    },
  };
}

export const TITLES = {
  way: "From the drawing to what the network sees",
  occlusion: "Hide a part of it: occlusion",
  saliency: "Go back from the answer: saliency",
  runnerUp: "What separates it from the runner-up",
  nearest: "The most similar examples",
};
export const JUMP = "Go to:";

// From the drawing to the image

export const NO_STROKES = "This is a picture: it comes to its pixels on another way, which the pad shows.";
export const BLANK = "Nothing is drawn yet.";
export const SCALED = "longer side 20 pixels, aspect kept, anti-aliased";

/** @param {{ width: number, height: number }} picture */
export function raw({ width, height }) {
  return `as drawn, ${width}×${height}`;
}

/** @param {{ width: number, height: number }} picture */
export function cropped({ width, height }) {
  return `to the ink: ${width}×${height}`;
}

/** @param {number} across @param {number} down @param {boolean} moved by the arrow keys */
export function centred(across, down, moved) {
  return html`centre of mass ${number(across)}, ${number(down)} moved to the middle of
  28×28${moved ? ", then shifted" : nothing}`;
}

/** @param {number} left @param {number} top @param {boolean} moved by the arrow keys */
export function notCentred(left, top, moved) {
  return `the 20×20 box stands at ${left}, ${top} of 28×28${moved ? ", then shifted" : ""}`;
}

// Occlusion

export const RESTING = "A drawing that rests is explained here.";
export const POINT =
  "Point at the map, or move the frame with the arrow keys. The square hides ink: it sets its pixels to 0. At first it is the smallest that changes the answer, 7×7 or larger.";

/** @param {string} name */
export function fallMap(name) {
  return html`How much the probability of <strong>${name}</strong> falls with one square there`;
}

/** @param {string} name */
export function changeMap(name) {
  return html`Where one square makes the answer another than <strong>${name}</strong>`;
}

/** @param {string} name */
export function fallLabel(name) {
  return `Fall of the probability of ${name} where the square lies`;
}

/**
 * @param {{ row: number, column: number }} cell of the square's middle
 * @param {string} name of the output
 * @param {number} before its probability
 * @param {number} after
 * @param {unknown} answer what happens to it
 */
export function fall({ row, column }, name, before, after, answer) {
  const fall = before - after;
  const points = (100 * Math.abs(fall)).toFixed(1);
  return html`With the square on row ${row + 1}, column ${column + 1} the probability of ${name} goes from
    ${number(before)} to ${number(after)}: it ${fall < 0 ? "rises" : "falls"} by
    <data class="fall" value=${fall}>${Math.abs(fall).toFixed(3)}</data> (${points} percentage points), and the answer
    ${answer}.`;
}

/** @param {string} name */
export function stays(name) {
  return `stays ${name}`;
}

/** @param {string} name */
export function becomes(name) {
  return html`becomes <strong>${name}</strong>`;
}

/** @param {number} changed @param {number} places @param {string} others which answers, and where */
export function changes(changed, places, others) {
  return html`The answer changes at <data class="changed" value=${changed}>${changed}</data> of ${places} places:
    ${others}.`;
}

/** @param {string} name */
export function neverChanges(name) {
  return `The answer stays ${name} wherever the square lies: no single spot of this size decides.`;
}

// Saliency

/** @param {string} name */
export function gradient(name) {
  return `More ink on a blue pixel speaks for ${name}, on a red one against it. The line is the edge of your ink.`;
}

export const GUIDED =
  "Each ReLU lets only positive parts back: strokes come out, with less noise. It looks almost the same for every digit, so it shows which strokes the network uses, not why this digit won.";

/** @param {string} name */
export function activation(name) {
  return `The last maps, each times its weight for ${name}, added up place by place.`;
}

export const NO_ACTIVATION =
  "No class activation map here: it needs the mean of each last map (global average pooling) right before the answer.";

// The runner-up

/** @param {string} name @param {string} rival @param {number} margin */
export function lead(name, rival, margin) {
  return html`${name} leads ${rival} by <data class="margin" value=${margin}>${margin.toFixed(2)}</data>.`;
}

/** @param {string} name @param {string} rival @param {number} margin */
export function ratio(name, rival, margin) {
  return html`Softmax turns that lead into a ratio: e<sup>${margin.toFixed(2)}</sup> ≈
    <data value=${Math.exp(margin)}>${counted(Number(Math.exp(margin).toPrecision(2)))}</data> times the probability of
    ${rival} for ${name}.`;
}

export const SURE =
  "Sure is not right: softmax shares 100 % among its outputs and has none for “none of these”. A scribble, too, often gets more than 90 %.";

/** @param {string} name @param {string} rival */
export function difference(name, rival) {
  return `More ink on a blue pixel of the difference widens the lead, on a red one narrows it: there ${name} and ${rival} differ. The few strongest pixels share the darkest colour.`;
}

// The nearest examples

export const NO_HIDDEN = "This network has no hidden layer in which drawings could be similar.";
export const WAITING = "Waiting for training examples…";

/**
 * @param {{ count: number, title: string, learnt: ReturnType<typeof import("../../questions/examples.js").learntFrom> }}
 *   examples
 */
export function compared({ count, title, learnt }) {
  const images = `${counted(count)} training images (${title}`;
  if (learnt === "shipped") return `${images}, among those that this network learnt from)`;
  if (learnt === "learning") return `${images}, from which this network learns)`;
  if (learnt === "unknown") return `${images})`;
  return `${images}; this network learnt from others: MNIST and pen strokes)`;
}

/** @param {{ images: string, width: number, layer: string, same: number, of: number, name: string }} found */
export function nearest({ images, width, layer, same, of, name }) {
  return html`Of ${images}, these are nearest to the drawing in the ${counted(width)}-dimensional space of
    <code>${layer}</code>: ${same} of ${of} are labelled ${name}, as the answer is.`;
}

export const STAGES = "From the drawing to the image";
export const CENTRED = "centre of mass in the middle";
