// Who takes part.
import { operationsOfASpin } from "./browser/peak.mjs";

/**
 * @typedef {object} Candidate
 * @property {string} name
 * @property {"chromium" | "firefox" | "native"} place
 * @property {string} module  The file in browser/ or native/ that knows the library.
 * @property {string} variant  Which of the library's builds or back ends; empty where there is one.
 * @property {string} [peak]  The name of the peak that it is held against.
 * @property {string} [only]  The one case that it is for: "lenet5 train 128".
 * @property {number} [spins]  Of a peak: the operations of one call.
 */

/** @returns {Candidate} */
const browser = (name, module, variant = "", more = {}) => ({ name, place: "chromium", module, variant, ...more });
/** @returns {Candidate} */
const native = (name, module) => ({ name, place: "native", module, variant: "" });

export const ours = [
  browser("convscope relaxed", "convscope", "relaxed", { peak: "peak relaxed" }),
  browser("convscope simd", "convscope", "simd", { peak: "peak simd" }),
  ...[1, 2].map((workers) =>
    browser(`convscope relaxed, ${workers} worker${workers > 1 ? "s" : ""}`, "convscope-workers", `${workers}`, {
      only: "lenet5 train 128",
    }),
  ),
];

export const peaks = [
  browser("peak relaxed", "peak", "relaxed", { spins: operationsOfASpin }),
  browser("peak simd", "peak", "simd", { spins: operationsOfASpin }),
];

export const others = [
  browser("ConvNetJS", "convnetjs"),
  browser("TensorFlow.js cpu", "tensorflow", "cpu"),
  browser("TensorFlow.js wasm", "tensorflow", "wasm", { peak: "peak simd" }),
  browser("onnxruntime-web", "onnxruntime", "", { peak: "peak simd" }),
  browser("Burn", "burn", "", { peak: "peak simd" }),
  native("PyTorch", "pytorch"),
  native("Keras on TensorFlow", "keras_on_tensorflow"),
];

/**
 * A candidate of a browser, and the same in Firefox.
 * @param {Candidate} candidate
 * @returns {Candidate[]}
 */
export function inFirefox(candidate) {
  const named = (name) => name && `${name}, Firefox`;
  if (candidate.place === "native") return [candidate];
  return [candidate, { ...candidate, place: "firefox", name: named(candidate.name), peak: named(candidate.peak) }];
}
