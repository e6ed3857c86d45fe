// The formula of each number of a layer, with its numbers. One that does not give what the engine tells is left out: it is not
// the formula of that layer.

import { counted } from "../../ui/counted.js";

/** @typedef {import("../../convscope.js").Layer} Layer */
/** @typedef {import("../../convscope.js").Summary} Summary */
/** @typedef {import("../../convscope.js").SlidingWindow} SlidingWindow */
/** @typedef {{ what: string, formula: string }} Formula */

/** @param {readonly number[]} shape */
const sizeOf = (shape) => shape.reduce((count, size) => count * size, 1);

/** @param {number} bytes */
export function memoryWords(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

/** Of one example's output, in bytes: a number takes 4. @param {Layer} layer */
export const memoryOf = ({ outputShape }) => 4 * sizeOf(outputShape);

/** @param {SlidingWindow} window @param {boolean} same whether padding keeps the size */
function outputFormula({ input, size: cells, dilation = 1, stride, output }, same) {
  const size = (cells - 1) * dilation + 1;
  if (same && Math.ceil(input / stride) === output) return `⌈n/s⌉ = ⌈${input}/${stride}⌉ = ${output}`;
  if (Math.ceil((input - size + 1) / stride) === output)
    return `⌈(n − k + 1)/s⌉ = ⌈(${input} − ${size} + 1)/${stride}⌉ = ${output}`;
  return undefined;
}

/** @param {Layer} layer @param {unknown} padding its argument */
function shapeFormulas({ window, outputShape, sourceShape, passesOn }, padding) {
  if (window) {
    const { rows, columns } = window;
    const isSquare = JSON.stringify(rows) === JSON.stringify(columns);
    const [height, width] = [rows, columns].map((axis) => outputFormula(axis, padding === "same"));
    if (isSquare) return [{ what: "height = width", formula: height }];
    return [
      { what: "height", formula: height },
      { what: "width", formula: width },
    ];
  }
  const isLine = passesOn && outputShape.length === 1 && sourceShape.length > 1;
  if (!isLine || sizeOf(sourceShape) !== outputShape[0]) return [];
  return [{ what: "units", formula: `${sourceShape.join(" · ")} = ${counted(outputShape[0])}` }];
}

/** @param {Layer} layer @returns {string | undefined} */
function paramsFormula({ kernel, bias, params, weights }) {
  if (weights.length === 0) return undefined;
  if (kernel && weights.length <= 2) {
    const { height, width, channels, units } = kernel;
    const seen = height * width === 1 ? String(channels) : `${height}·${width}·${channels}`;
    const more = bias ? 1 : 0;
    if ((height * width * channels + more) * units === params)
      return bias ? `(${seen} + 1)·${units} = ${counted(params)}` : `${seen}·${units} = ${counted(params)}`;
  }
  const parts = weights.map(({ shape, role }) => `${shape.join("·")} (${role.replaceAll("_", " ")})`);
  return `${parts.join(" + ")} = ${counted(params)}`;
}

/** @param {Layer} layer @returns {string | undefined} */
function multiplyAddsFormula({ kernel, outputShape, multiplyAdds }) {
  if (!kernel || multiplyAdds === 0) return undefined;
  const { height, width, channels } = kernel;
  const factors = [...outputShape, ...(height * width === 1 ? [] : [height, width]), channels];
  return sizeOf(factors) === multiplyAdds ? `${factors.join("·")} = ${counted(multiplyAdds)}` : undefined;
}

/** @param {Layer} layer @param {Summary} summary @returns {string | undefined} */
function fieldFormula({ receptiveField: field, window, source }, { layers }) {
  if (!field || !window) return undefined;
  const before = layers.find(({ name }) => name === source)?.receptiveField ?? { size: [1, 1], jump: [1, 1] };
  const { size, dilation = 1 } = window.rows;
  const [from, jump] = [before.size[0], before.jump[0]];
  if (from + (size - 1) * dilation * jump !== field.size[0]) return undefined;
  const holes = dilation === 1 ? "" : `·${dilation}`;
  return `${from} + (${size} − 1)${holes}·${jump} = ${field.size[0]}`;
}

/**
 * @param {Layer} layer
 * @param {Summary} summary of the network that it is in
 * @param {Record<string, unknown>} config the layer's arguments
 * @returns {Formula[]}
 */
export function formulasOf(layer, summary, config) {
  const floats = sizeOf(layer.outputShape);
  const all = [
    ...shapeFormulas(layer, config["padding"]),
    { what: "parameters", formula: paramsFormula(layer) },
    { what: "multiply-adds", formula: multiplyAddsFormula(layer) },
    { what: "receptive field", formula: fieldFormula(layer, summary) },
    {
      what: "memory of one example",
      formula: `${layer.outputShape.join("·")} · 4 bytes = ${memoryWords(4 * floats)}`,
    },
  ];
  return all.flatMap(({ what, formula }) => (formula ? [{ what, formula }] : []));
}
