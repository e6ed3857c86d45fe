// From what files say of each image to numbers and names of classes.

import { counted } from "../../ui/counted.js";
import { MOST_CLASSES } from "./limits.js";

/** @typedef {ArrayLike<number | string>} Said what a file says of each of its images */

/** @param {number | string} one @param {number | string} other */
function inOrder(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "en", { numeric: true });
}

/**
 * The classes that occur, in order, and for each part the number of its images' classes.
 *
 * @param {string} name of the file
 * @param {Said[]} parts
 * @param {readonly string[]} [names] of the classes 0, 1, 2 …, where they are known
 * @returns {{ classes: string[], labels: Uint8Array[] }}
 * @throws in one sentence, if these are no labels
 */
export function numbered(name, parts, names) {
  /** @type {Set<number | string>} */
  const values = new Set();
  for (const part of parts) {
    for (let index = 0; index < part.length; index++) {
      const value = part[index];
      if (typeof value === "number" && !Number.isInteger(value)) {
        throw new Error(`${name}: a label is a whole number or a name, image ${counted(index + 1)} has ${value}.`);
      }
      values.add(value);
      if (values.size > MOST_CLASSES) {
        throw new Error(
          `${name} has more than ${MOST_CLASSES} different labels; its labels must say of which class an image is.`,
        );
      }
    }
  }
  const order = [...values].sort(inOrder);
  if (order.length < 2) {
    throw new Error(`${name}: all images are labelled ${order[0]}; a network needs two classes to learn a difference.`);
  }
  const places = new Map(order.map((value, place) => [value, place]));
  const classes = order.map((value) => (typeof value === "number" && names?.[value]) || String(value));
  const labels = parts.map((part) => Uint8Array.from(part, (value) => places.get(value) ?? 0));
  return { classes, labels };
}
