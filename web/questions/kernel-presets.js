// Kernels that a person can give a filter, as patterns of any size.

/**
 * @typedef {(across: number, along: number, cells: number) => number} Pattern the weight of a cell at that distance
 * from the middle, in a kernel of that many cells
 */
/** @typedef {{ name: string, title: string, pattern: Pattern }} Preset */

/** @type {Preset[]} */
const PRESETS = [
  { name: "vertical-line", title: "vertical line", pattern: (across) => (across === 0 ? 1 : -1) },
  { name: "horizontal-line", title: "horizontal line", pattern: (_, along) => (along === 0 ? 1 : -1) },
  { name: "vertical-edge", title: "vertical edge", pattern: (across) => Math.sign(across) },
  { name: "horizontal-edge", title: "horizontal edge", pattern: (_, along) => Math.sign(along) },
  { name: "blur", title: "mean (blur)", pattern: (_across, _along, cells) => 1 / cells },
  { name: "cross", title: "× pattern", pattern: (across, along) => (Math.abs(across) === Math.abs(along) ? 1 : -1) },
  { name: "plus", title: "+ pattern", pattern: (across, along) => (across * along === 0 ? 1 : -1) },
  { name: "edge", title: "edge", pattern: (across) => 0 - Math.sign(across) },
  { name: "diagonal", title: "diagonal", pattern: (across, along) => (across === along ? 1 : -1) },
  {
    name: "outline",
    title: "outline",
    pattern: (across, along, cells) => (across === 0 && along === 0 ? cells - 1 : -1),
  },
  {
    name: "sharpen",
    title: "sharpen",
    pattern: (across, along) => [5, -1, 0][Math.min(2, Math.abs(across) + Math.abs(along))],
  },
  {
    name: "identity",
    title: "the input itself",
    pattern: (across, along) => Number(Math.ceil(across) === 0 && Math.ceil(along) === 0),
  },
  { name: "zero", title: "zeros", pattern: () => 0 },
];

/** @param {string} name */
const presetNamed = (name) => PRESETS.find((preset) => preset.name === name) ?? PRESETS[0];

/** Those of that name, for a list to choose from. @param {string[]} names */
export const presets = (...names) => names.map(presetNamed);

/**
 * @param {string} name
 * @param {number} height of the kernel
 * @param {number} width
 * @returns {Float32Array} [height × width]
 */
export function presetKernel(name, height, width) {
  const { pattern } = presetNamed(name);
  const [down, right] = [(height - 1) / 2, (width - 1) / 2];
  const cells = height * width;
  return Float32Array.from({ length: cells }, (_, cell) =>
    pattern((cell % width) - right, Math.floor(cell / width) - down, cells),
  );
}
