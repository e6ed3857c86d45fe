// What is said of data sets, and of files that are none.

/** @param {string} name of a file @param {string} kind what it is instead of an IDX file */
export const otherKind = (name, kind) =>
  `${name} is ${kind}. This page reads IDX files of bytes, plain or in gzip, as MNIST has them (train-images-idx3-ubyte.gz and ` +
  "train-labels-idx1-ubyte.gz), CSV, npy and npz, CIFAR’s binary batches, and folders or zips of pictures named by class.";

export const TURNED = "EMNIST’s files hold each image with rows and columns exchanged; here they are put back.";

/** @param {string} test where the test images come from */
export const yourFiles = (test) =>
  "Read from your files, which stay on this device. The validation images are kept apart from the training images by " +
  `chance; the test images are ${test}.`;
export const TEST_BY_CHANCE = "kept apart by chance, too";
/** @param {string} name of their file */
export const testOf = (name) => `those of ${name}`;

export const DRAWN_HERE =
  "Drawn and labelled on this page; they stay on this device. The validation images are kept apart by chance: one of " +
  "each digit at least. There are too few for a test set.";
/** @param {number} least @param {number} count so far */
export const tooFewDrawings = (least, count) =>
  `Draw at least ${least} digits to learn from them; there are ${count} so far.`;
