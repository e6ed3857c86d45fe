// The kernel of one unit among its layer's: which of the known ones it is, and another in its place.

import { presetKernel, presets } from "../../questions/kernel-presets.js";

/** @typedef {import("../../session/layers.js").KernelBank} KernelBank */

/** What a filter can be given at once. */
export const KERNELS = presets("vertical-edge", "horizontal-edge", "blur", "cross", "plus", "identity", "zero");

/**
 * @param {KernelBank} bank
 * @param {number} unit
 * @returns {string} a name of {@link KERNELS}, if all of its slices are that; "" for a kernel of its own
 */
export function knownKernel(bank, unit) {
  const slices = Array.from({ length: bank.channels }, (_, channel) => bank.patch(unit, channel));
  const is = (/** @type {string} */ name) => {
    const kernel = presetKernel(name, bank.height, bank.width);
    return slices.every((slice) => slice.every((weight, cell) => weight === kernel[cell]));
  };
  return KERNELS.find(({ name }) => is(name))?.name ?? "";
}

/**
 * @param {KernelBank} bank
 * @param {number} unit
 * @param {string} name of {@link KERNELS}
 * @returns {Float32Array} the layer's tensor with that kernel in each of the unit's slices
 */
export function withKernel(bank, unit, name) {
  const values = bank.values.slice();
  const kernel = presetKernel(name, bank.height, bank.width);
  for (let channel = 0; channel < bank.channels; channel++) {
    for (const [cell, weight] of kernel.entries()) values[bank.index(unit, channel, cell)] = weight;
  }
  return values;
}
