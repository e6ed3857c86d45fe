// The builds of the engine: simd128 runs in every current browser, relaxed-simd is faster where it is understood. Of both
// there is the complete engine, and a smaller one that knows what the shipped models need.

import { relaxedSimd, simd } from "wasm-feature-detect";
import { engineError } from "./errors.js";
import { damagedError, resource } from "./resources.js";

/** @typedef {import("../convscope.js").Variant} Variant */

/** @type {Map<string, Promise<WebAssembly.Module>>} by the names of their files */
const compiled = new Map();

/**
 * Chooses a build and compiles it, once for all engines of a page.
 *
 * @param {Variant | "auto"} wanted
 * @param {boolean} complete
 * @returns {Promise<{ variant: Variant, module: WebAssembly.Module }>}
 */
export async function compile(wanted, complete) {
  if (typeof WebAssembly === "undefined" || !(await simd())) {
    throw engineError(
      "load",
      "This browser cannot run the engine: it has no WebAssembly with SIMD. Any browser from 2023 or later has.",
    );
  }
  const variant = await choose(wanted);
  const file = `convscope-${complete ? "" : "first-"}${variant}.wasm`;
  const module = compiled.get(file) ?? compileFile(file);
  compiled.set(file, module);
  // A failed download may succeed the next time.
  module.catch(() => compiled.delete(file));
  return { variant, module: await module };
}

/**
 * @param {Variant | "auto"} wanted
 * @returns {Promise<Variant>}
 */
async function choose(wanted) {
  if (wanted === "simd") return "simd";
  if (await relaxedSimd()) return "relaxed";
  if (wanted === "auto") return "simd";
  throw engineError("load", 'This browser has no relaxed SIMD. The variants "auto" and "simd" run everywhere.');
}

/** @param {string} file */
async function compileFile(file) {
  const bytes = await resource(file);
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    if (!WebAssembly.validate(bytes)) throw damagedError(file, error);
    throw engineError(
      "load",
      `The engine could not be compiled (${error}). If the page has a Content-Security-Policy, its script-src needs 'wasm-unsafe-eval'.`,
      error,
    );
  }
}
