// Who takes part.
import { operationsOfASpin } from "./browser/peak.mjs";

/**
 * @typedef {object} Candidate
 * @property {string} name
 * @property {"chromium" | "firefox" | "native"} place
 * @property {string} module  The file in browser/ or native/ that knows the library.
 * @property {string} variant  Which of the library's builds or back ends; empty where there is one.
 * @property {string} [peak]  The name of the peak that it is held against.
 * @property {string[]} [only]  The cases that it is for: "lenet5 train 128".
 * @property {string} [site]  Where the site with this engine is, if it is not the one that was built last.
 * @property {number} [pages]  In how many pages it does the work at the same time, 1 if left out.
 * @property {boolean} [profiled]  Whether a build of it tells the multiply-adds that its method needs.
 * @property {boolean} [moves]  Whether it is measured at every placement of its memory that a workload names.
 * @property {number} [spins]  Of a peak: the operations of one call.
 */

/** @returns {Candidate} */
const browser = (name, module, variant = "", more = {}) => ({ name, place: "chromium", module, variant, ...more });
/** @returns {Candidate} */
const native = (name, module) => ({ name, place: "native", module, variant: "" });

const shared = ["lenet5 train 128", "default train 128"];

const own = { profiled: true, moves: true };

export const ours = [
  browser("convscope relaxed", "convscope", "relaxed", { ...own, peak: "peak relaxed" }),
  browser("convscope simd", "convscope", "simd", { ...own, peak: "peak simd" }),
  browser("1 worker", "convscope-workers", "1", { only: shared }),
  browser("2 workers", "convscope-workers", "2", { only: shared }),
  browser("2 pages of 1 worker", "convscope-workers", "1", { only: shared, pages: 2 }),
];

/** This engine as it was: a site built of an earlier commit. */
export const earlier = browser("convscope relaxed, before", "convscope", "relaxed", { site: "/before/" });

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
  return [candidate, { ...candidate, place: "firefox", name: named(candidate.name), peak: named(candidate.peak) }];
}
