// What is said of files of many formats.

import { counted } from "../../ui/counted.js";

/** Names that are told, of many. */
const MOST_TOLD = 3;

/** @param {readonly string[]} names */
const listed = (names) =>
  names.length > MOST_TOLD
    ? `${names.slice(0, MOST_TOLD).join(", ")} and ${counted(names.length - MOST_TOLD)} more`
    : names.join(", ");

/** @param {string} name of a table */
export const withoutLabels = (name) =>
  `${name} has pixels, but no column of labels, so there is nothing to learn from it: drop the table that has them, as ` +
  "Kaggle’s train.csv.";

/** @param {readonly string[]} names of files beside those that are read */
export const passedOver = (names) => (names.length ? `Passed over: ${listed(names)}.` : "");

/** @param {readonly string[]} names */
export const nothingRead = (names) =>
  `${listed(names) || "What was dropped"} holds no images. Read are IDX (MNIST, EMNIST), CSV, npy and npz, CIFAR’s binary ` +
  "batches, and folders or zips of pictures with a folder for each class.";

/** @param {{ count: number, size: { width: number, height: number }, alike: boolean, colour: boolean }} album */
export function picturesRead({ count, size: { width, height }, alike, colour }) {
  const size = `${height}×${width} pixels`;
  const how = alike ? `of ${size} as they are` : `each cut to its middle square and brought to ${size}`;
  return `${counted(count)} pictures, ${colour ? "in colour" : "grey"}, ${how}.`;
}

/** @param {string} name of a picture */
export const undecodable = (name) => `${name} is a picture that this browser cannot open; it may be damaged.`;

export const WORKER_STOPPED =
  "The files could not be read: the browser ended the worker that reads them, perhaps for want of memory. Try a part of them.";

/** In Keras the division is a layer, which a network of one's own may have. */
export const READ_FROM =
  "Read from your files, which stay on this device. Pixels from 0 to 255 become 0 to 1, as Rescaling(1/255) makes them in Keras.";
/** What of the data is kept apart by chance, since the files keep no part of it. */
export const APART_BY_CHANCE = {
  none: "",
  validation: "A tenth is kept for validation by chance.",
  both: "A tenth each is kept for validation and for the test by chance.",
};
