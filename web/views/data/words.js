// The sentences of the view of the data.

import { html } from "lit";
import { counted } from "../../ui/counted.js";

/** @typedef {"training" | "validation" | "test"} Part */

export const LESSON = html`A network learns nothing but its examples: look at them before you train. They are parted in
three, and no image is in two parts.`;

/** What each part is for. @type {Record<Part, string>} */
export const PURPOSES = {
  training: "What the network learns from: each step changes its weights so that it reads some of these better.",
  validation:
    "Never learnt from. They tell how well the network reads others; settings, and when to stop, are chosen by them.",
  test: "Neither learnt from nor chosen by. Measured once at the end, they tell how well it will read what is new.",
};

export const AUGMENTATION = "Augmentation: one image, and nine others made of it";
export const WHY_AUGMENT =
  "A digit that is moved, turned or bent a little is still the same digit. Other copies in each epoch are like more " +
  "training images; validation and test images stay as they are.";
export const NOT_AUGMENTED =
  "Here it bends grey images of 28×28 only; images of this size are learnt as they are. Layers of the network can do it.";
export const AUGMENTED = "The original, then copies of it, moved and bent";

export const DRAW_AND_SAY =
  "Draw a digit and say which it is; it is kept in this browser as the 28×28 bytes that a network reads.";
export const NOT_KEPT =
  "This browser does not keep your drawings: its storage is full, or switched off. Make room for them, or export them " +
  "before you leave.";

/** @param {number} count of drawings that are kept */
export const unread = (count) =>
  `${counted(count)} of the drawings in this browser cannot be read. What cannot be read stays as it is.`;
export const DISCARD = "Remove what cannot be read";

/** @param {number} count of drawings @param {number} least from which on they can be learnt */
export const howMany = (count, least) =>
  `${counted(count)} drawings; at least ${least}, and some 20 of each digit before a network learns something from them`;

/** @param {number} label @param {{ kept: boolean, all: readonly unknown[] }} drawings */
export const taken = (label, { kept, all }) =>
  `${kept ? `Kept as ${label}` : `Taken as ${label}, but not kept`}; ${counted(all.length)} in all.`;

/** @param {{ added: number, known: number }} drawings of a file */
export const imported = ({ added, known }) =>
  `${counted(added)} drawings added.${known ? ` ${counted(known)} were here already.` : ""}`;
