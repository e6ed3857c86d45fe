// The sentences of charts and of what is chosen to be learnt.

import { html } from "lit";
import { SMOOTHED } from "./smoothed.js";

/** @param {string} caption @param {string} unit of the common axis */
export const chartName = (caption, unit) => `${caption} by ${unit}. The arrow keys read its values; a table follows.`;

/** @param {string} most the largest value */
export const leavesChart = (most) => `▲ above the chart, up to ${most}`;

export const BELOW_LOGARITHM = "▼ 0 or less: a logarithmic axis has no place for it";

export const SAMPLE = "4,000 real handwritten digits, a part of this page";
export const OR_DROP =
  "or drop them here: IDX (MNIST, EMNIST, Fashion-MNIST), Kaggle’s CSV, npz, CIFAR’s binary batches, or pictures in a folder " +
  "for each class, as folder or zip.";
export const WHERE_MNIST_IS = html`All 70,000 images of MNIST: download its four files
  <a href="https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz">training images</a>,
  <a href="https://storage.googleapis.com/cvdf-datasets/mnist/train-labels-idx1-ubyte.gz">training labels</a>,
  <a href="https://storage.googleapis.com/cvdf-datasets/mnist/t10k-images-idx3-ubyte.gz">test images</a> and
  <a href="https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz">test labels</a>, and drop them.`;

/** A batch may be larger than what is asked for. */
export const SMOOTHED_LOSS = `Training loss, mean over the last ${SMOOTHED} examples or more`;
export const ACCURACY = "Validation accuracy";
/** @param {string} title of a runner */
export const batchLoss = (title) => `${title}, each batch`;

/** @param {string} title of a runner @param {string} problem */
export const failed = (title, problem) => `${title} diverges. ${problem}`;
export const DIVERGES = "diverges";
