// Filters to begin with: one kernel with one slice for each channel of the input.

import { presetKernel, presets } from "../../questions/kernel-presets.js";
import { KERNEL } from "../../questions/patterns.js";

/** @typedef {import("./filters.js").Filter} Filter */

/** The name of a filter that someone has changed. */
export const OWN = "own";

/** The weight of full colour: above 1, so that 1 and −1 can be told apart at a glance. */
export const FULL_WEIGHT = 2;

const SAME_IN_EVERY_SLICE = presets(
  ...["vertical-line", "horizontal-line", "cross", "plus", "edge", "diagonal", "outline", "sharpen", "blur", "zero"],
);

/** Those that tell colours apart, by the weight in the middle of each slice. */
const COLOURS = [
  { name: "red", title: "red areas", middles: [2, -1, -1] },
  { name: "green", title: "green areas", middles: [-1, 2, -1] },
  { name: "blue", title: "blue areas", middles: [-1, -1, 2] },
];

/** @param {number} channels @returns {{ name: string, title: string }[]} */
export const filterPresets = (channels) =>
  channels === 1 ? SAME_IN_EVERY_SLICE : [...COLOURS, ...SAME_IN_EVERY_SLICE];

/** @param {string} name of a preset */
export const kernelNamed = (name) => presetKernel(name, KERNEL, KERNEL);

/** @param {string} name of a preset @param {number} channels @returns {Filter} */
export function filterNamed(name, channels) {
  const colour = COLOURS.find((preset) => preset.name === name);
  const middle = kernelNamed("identity");
  const kernels = Array.from({ length: channels }, (_, channel) =>
    colour ? middle.map((weight) => 0 + weight * colour.middles[channel]) : kernelNamed(name),
  );
  return { title: name, kernels, bias: 0 };
}

/** A filter that is not among those, while there is one. @param {Filter[]} filters @param {number} channels */
export function anotherFilter(filters, channels) {
  const names = filterPresets(channels).map(({ name }) => name);
  const unused = names.find((name) => !filters.some(({ title }) => title === name));
  return filterNamed(unused ?? names[filters.length % names.length], channels);
}
