// Who takes part.
import { operationsOfASpin } from "./browser/peak.mjs";

/**
 * @typedef {object} Candidate
 * @property {string} name
 * @property {string} module  The file in browser/ that knows the library.
 * @property {string} variant  Which of the library's builds or back ends; empty where there is one.
 * @property {string} [peak]  The name of the peak that it is held against.
 * @property {number} [spins]  Of a peak: the operations of one call.
 */

/** @type {Candidate[]} */
export const ours = [
  { name: "convscope relaxed", module: "convscope", variant: "relaxed", peak: "peak relaxed" },
  { name: "convscope simd", module: "convscope", variant: "simd", peak: "peak simd" },
];

/** @type {Candidate[]} */
export const peaks = [
  { name: "peak relaxed", module: "peak", variant: "relaxed", spins: operationsOfASpin },
  { name: "peak simd", module: "peak", variant: "simd", spins: operationsOfASpin },
];
