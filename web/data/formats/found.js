// What files hold, put together as a data set: which part is learnt and which is measured, and what the labels stand for.

import { counted } from "../../ui/counted.js";
import { knownSet } from "./class-names.js";
import { numbered } from "./labels.js";
import { LEAST_EXAMPLES, MOST_PIXELS } from "./limits.js";

/** @typedef {import("../../convscope.js").ImageShape} ImageShape */
/** @typedef {import("../../convscope.js").LabelledImages} Examples */
/** @typedef {{ name: string, content: Blob }} Dropped */
/**
 * @typedef {object} Part images of one file with what it says of each
 * @property {string} name of the file
 * @property {ImageShape} shape
 * @property {Uint8Array} pixels
 * @property {import("./labels.js").Said} said
 */
/**
 * @typedef {object} Found
 * @property {string} title
 * @property {string[]} classes
 * @property {Examples} training
 * @property {Examples} [validation]
 * @property {Examples} [test]
 * @property {string} [note] what there is to say of the files
 */

/** @typedef {"training" | "validation" | "test"} Role */
/** @type {Role[]} */
const ROLES = ["training", "validation", "test"];

/** A file's own name, and the folders on the way to it. @param {string} path */
const segments = (path) => path.toLowerCase().split(/[/\\]/);

/** What the images of a file are for, by its name or its folders'. @param {string} path @returns {Role} */
export function roleOf(path) {
  const named = (/** @type {RegExp} */ word) => segments(path).some((segment) => word.test(segment));
  if (named(/(^|[^a-z])(test|t10k|testing)([^a-z]|$)/)) return "test";
  return named(/(^|[^a-z])(val|valid|validation|dev)([^a-z]|$)/) ? "validation" : "training";
}

/** One after the other. @param {Part[]} parts @returns {Part} */
function joined(parts) {
  if (parts.length === 1) return parts[0];
  const [{ name, shape }] = parts;
  const pixels = new Uint8Array(parts.reduce((sum, part) => sum + part.pixels.length, 0));
  let at = 0;
  for (const part of parts) {
    pixels.set(part.pixels, at);
    at += part.pixels.length;
  }
  return { name, shape, pixels, said: parts.flatMap(({ said }) => Array.from(said)) };
}

/** @param {Part[]} parts */
function checkAlike(parts) {
  const [first] = parts;
  const other = parts.find(({ shape }) => shape.join() !== first.shape.join());
  if (other) {
    throw new Error(
      `${other.name} has images of ${other.shape.join("×")}, ${first.name} of ${first.shape.join("×")}; drop files of one ` +
        "size together.",
    );
  }
  const bytes = parts.reduce((sum, { pixels }) => sum + pixels.length, 0);
  if (bytes > MOST_PIXELS) {
    throw new Error(
      `These files hold ${counted(bytes)} bytes of pixels; ${counted(MOST_PIXELS)} is the most that is read. Drop fewer of them.`,
    );
  }
}

/** A title from a file's name. @param {string} path */
export const titleOf = (path) => (path.split(/[/\\]/).at(-1) ?? path).replace(/\.(gz|zip|npz|npy|csv|bin)$/gi, "");

/**
 * @param {Part[]} parts of one data set, at least one
 * @param {{ title?: string, names?: readonly string[], note?: string, files?: readonly string[] }} [about] `names` of
 *   the classes and `title`, where they are known; `files`: the names of all
 * @returns {Found}
 * @throws in one sentence, if they do not go together
 */
export function together(parts, { title, names, note, files = [] } = {}) {
  checkAlike(parts);
  const roles = parts.map((part) => roleOf(part.name));
  // Files that are called test, and no others, are learnt from.
  const only = roles.includes("training") ? undefined : "training";
  const all = ROLES.flatMap((role) => {
    const own = parts.filter((_, index) => (only ?? roles[index]) === role);
    return own.length ? [{ role, part: joined(own) }] : [];
  });
  const training = all[0].part;
  const known = knownSet([...files, ...parts.map(({ name }) => name)], training.said);
  const firstLabel = known?.first ?? 0;
  const called = names ?? (known && [...Array(firstLabel).fill(""), ...known.classes]);
  const { classes, labels } = numbered(
    training.name,
    all.map(({ part }) => part.said),
    called,
  );
  if (training.said.length < LEAST_EXAMPLES) {
    throw new Error(
      `${training.name} has ${training.said.length} images; ${LEAST_EXAMPLES} are the fewest that can be learnt and checked.`,
    );
  }
  /** @type {Partial<Record<Role, Examples>>} */
  const examples = {};
  all.forEach(
    ({ role, part: { shape, pixels } }, index) => (examples[role] = { shape, pixels, labels: labels[index] }),
  );
  return {
    ...examples,
    training: /** @type {Examples} */ (examples.training),
    title: known?.title ?? title ?? titleOf(training.name),
    classes,
    note,
  };
}
