// All that the view says.

import { html } from "lit";

/** @typedef {import("../../questions/windows.js").Setting} Setting */
/** @typedef {import("../../questions/windows.js").Windows} Windows */

/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "The kernel moves over the input in steps of the stride, and each of its places gives one output. With padding “valid” it stays inside the input. With “same” zeros are added around the input, so that with stride 1 the output is as large as the input.",
  question: {
    text: "with padding “same”, does a larger kernel make the output smaller?",
    answers: ["Yes", "No"],
    right: 1,
    because:
      "The size is ceil(n / s), and k does not occur in it. A larger kernel only needs more zeros around the input.",
  },
};

/** What is marked on the pictures. @param {Windows} windows */
export function legend({ before, after, skipped }) {
  const hatched = before + after ? "Hatched: zeros of the padding. " : "";
  return hatched + (skipped.length ? "Red: input cells that no window covers." : "");
}

/** @param {number} count @param {string} one */
function several(count, one) {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** How many zeros are added, and where. @param {Setting} setting @param {Windows} windows */
export function zeros({ cells, size, stride, padding }, { starts, before, after }) {
  if (padding === "valid") return "No zeros are added: P = 0.";
  const extra = before === after ? "" : " (Keras adds the extra one there)";
  return html`Zeros added: P = max((output − 1) · s + k − n, 0) = max((${starts.length} − 1) · ${stride} + ${size} −
  ${cells}, 0) = ${before + after}: ${before} at the left, ${after} at the right${extra}.`;
}

/** The size as other books write it. @param {Setting} setting @param {Windows} windows */
export function withFloor({ cells, size, stride }, { starts, before, after }) {
  return html`Other books write floor((n + P − k) / s) + 1 = floor((${cells} + ${before + after} − ${size}) / ${stride})
  + 1 = ${starts.length}, with P = 2p where p zeros are added on each side.`;
}

/** @param {Windows} windows */
export function covered({ skipped }) {
  if (!skipped.length) return "Every input cell is covered by a window.";
  return `Covered by no window: cell${skipped.length === 1 ? "" : "s"} ${skipped.map((cell) => cell + 1).join(", ")}.`;
}

/** @param {Setting} setting */
export function impossible({ cells, size }) {
  return html`A window of ${several(size, "cell")} does not fit into ${several(cells, "cell")}: with padding “valid”
  there is no place for it, so there is no output. Take a smaller kernel, a larger input, or padding “same”.`;
}

/** @param {{ output: number, outputs: number, first: number, last: number, cells: number }} window counted from 1 */
export const rowLabel = ({ output, outputs, first, last, cells }) =>
  `One dimension: output ${output} of ${outputs} sees cells ${first} to ${last} of ${cells}. Arrow keys move the window.`;

/** @param {{ row: number, column: number, outputs: number }} window counted from 1 */
export const squareLabel = ({ row, column, outputs }) =>
  `Two dimensions: output row ${row}, column ${column} of ${outputs}×${outputs}. Arrow keys move the window.`;

/**
 * What the output of the framed window is made of.
 * @param {Setting} setting
 * @param {Windows} windows
 * @param {{ row: number, column: number }} place
 */
export function seen({ cells, size }, { starts }, { row, column }) {
  const span = (/** @type {number} */ start) => {
    const [first, last] = [Math.max(0, start) + 1, Math.min(cells, start + size)];
    return { count: last - first + 1, text: first === last ? `${first}` : `${first} to ${last}` };
  };
  const [rows, columns] = [span(starts[row]), span(starts[column])];
  const padded = size * size - rows.count * columns.count;
  return `The output in row ${row + 1}, column ${column + 1} sees rows ${rows.text} and columns ${columns.text} of the input${padded ? `, and ${several(padded, "zero")} of the padding` : ""}.`;
}
