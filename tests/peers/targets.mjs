// How fast this engine is to be: at least so many times as fast as another.
import { workloads } from "./workloads.mjs";

/**
 * @typedef {object} Target
 * @property {string} workload
 * @property {string} mode
 * @property {number} batch
 * @property {string} who
 * @property {string} over  Whom it is compared with.
 * @property {number} least
 * @property {number} [stretch]  What would be better still.
 */

/** @returns {Target} */
const target = (workload, mode, batch, over, least, stretch, who = "convscope relaxed") => ({
  workload,
  mode,
  batch,
  who,
  over,
  least,
  stretch,
});

const everyCase = workloads.flatMap(({ name, batches }) =>
  Object.entries(batches).flatMap(([mode, sizes]) => sizes.map((batch) => [name, mode, batch])),
);

/** Two workers of one page must come near to two pages that have nothing to do with each other. */
const shared = ["lenet5", "default"];

/** @type {Target[]} */
export const targets = [
  target("lenet5", "train", 1, "PyTorch", 14, 18),
  target("lenet5", "train", 32, "PyTorch", 2.3, 3),
  target("lenet5", "train", 32, "Burn", 6),
  target("lenet5", "train", 32, "ConvNetJS", 90),
  target("lenet5", "train", 128, "Keras on TensorFlow", 1.5, 2),
  target("keras-convnet", "train", 32, "PyTorch", 1.6, 2.2),
  target("keras-convnet", "train", 32, "Burn", 6),
  target("keras-convnet", "train", 32, "ConvNetJS", 140),
  target("keras-convnet", "train", 128, "Keras on TensorFlow", 1.15, 1.5),
  target("default", "train", 32, "PyTorch", 1),
  target("default", "train", 32, "convscope relaxed, before", 1.4),
  target("lenet5", "infer", 1, "onnxruntime-web", 3),
  target("lenet5", "infer", 128, "onnxruntime-web", 2, 2.5),
  target("keras-convnet", "infer", 1, "onnxruntime-web", 2.3),
  target("keras-convnet", "infer", 128, "onnxruntime-web", 2.6, 3.5),
  target("alexnet", "infer", 1, "onnxruntime-web", 2),
  target("alexnet", "infer", 1, "peak relaxed", 0.7, 0.85),
  ...shared.map((workload) => target(workload, "train", 128, "2 pages of 1 worker", 0.9, undefined, "2 workers")),
  ...everyCase.map((field) => target(...field, "convscope relaxed", 0.75, undefined, "convscope simd")),
  ...everyCase.map((field) => target(...field, "convscope relaxed", 0.75, undefined, "convscope relaxed, Firefox")),
];
