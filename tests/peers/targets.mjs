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
 */

/** @returns {Target} */
const target = (workload, mode, batch, over, least, who = "convscope relaxed") => ({
  workload,
  mode,
  batch,
  who,
  over,
  least,
});

/** The build that runs everywhere must not be far behind, whatever it does. */
const everyCase = workloads
  .filter(({ batches }) => batches.train)
  .flatMap(({ name, batches }) =>
    Object.entries(batches).flatMap(([mode, sizes]) => sizes.map((batch) => [name, mode, batch])),
  );

/** @type {Target[]} */
export const targets = [
  target("lenet5", "train", 1, "ConvNetJS", 30),
  target("lenet5", "train", 1, "PyTorch", 6),
  target("lenet5", "train", 32, "ConvNetJS", 50),
  target("lenet5", "train", 32, "Burn", 3),
  target("lenet5", "train", 32, "PyTorch", 1.25),
  target("lenet5", "train", 128, "Keras on TensorFlow", 1),
  target("keras-convnet", "train", 32, "ConvNetJS", 75),
  target("keras-convnet", "train", 32, "Burn", 3.2),
  target("keras-convnet", "train", 32, "PyTorch", 1),
  target("lenet5", "infer", 1, "onnxruntime-web", 2),
  target("lenet5", "infer", 128, "onnxruntime-web", 2),
  target("keras-convnet", "infer", 1, "onnxruntime-web", 1.4),
  target("keras-convnet", "infer", 128, "onnxruntime-web", 1.5),
  target("lenet5", "train", 128, "convscope relaxed, 1 worker", 1.7, "convscope relaxed, 2 workers"),
  ...everyCase.map(([workload, mode, batch]) =>
    target(workload, mode, batch, "convscope relaxed", 0.65, "convscope simd"),
  ),
];
