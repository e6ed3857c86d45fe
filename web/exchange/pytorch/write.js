// A model as PyTorch code that runs, with its weights in a safetensors file of PyTorch's names beside it.

import { isMerging } from "../graph.js";
import { flattenings } from "../flattening.js";
import { UnreadableError, shown, unreadable } from "../model-file.js";
import { identifiers } from "../python/literal.js";
import { writeSafetensors } from "../safetensors.js";
import { HELPERS } from "./helpers.js";
import { MERGING, modulesOf } from "./modules.js";

/** @typedef {import("../graph.js").Graph} Graph */
/** @typedef {import("../model-file.js").Weights} Weights */
/** @typedef {{ name: string, code: string, note?: string }} Named a module with its name */

/**
 * @param {Graph} graph
 * @param {Weights} weights
 * @returns {{ modules: Map<string, Named[]>, tensors: Weights }} the modules of each layer, and the state_dict
 */
function modulesByLayer(graph, weights) {
  const { flattened, readers } = flattenings(graph);
  const unique = identifiers(["forward"]);
  /** @type {Map<string, Named[]>} */
  const modules = new Map();
  /** @type {Weights} */
  const tensors = new Map();
  /** @type {import("../model-file.js").Problem[]} */
  const problems = [];
  for (const layer of graph.layers) {
    if (isMerging(layer.className)) continue;
    const weight = (/** @type {string} */ name) => {
      const found = weights.get(`${layer.name}/${name}`);
      if (!found) throw unreadable(`layer ${shown(layer.name)}`, `its ${name} is missing.`);
      return found;
    };
    try {
      const found = modulesOf({ layer, weight, turned: flattened.has(layer.name), rows: readers.get(layer.name) });
      const base = unique(layer.name);
      modules.set(layer.name, found.map(({ suffix, code, note, weights }) => {
        const name = suffix ? unique(`${base}_${suffix}`) : base;
        for (const [own, value] of Object.entries(weights ?? {})) tensors.set(`${name}.${own}`, value);
        return { name, code, note };
      })); // prettier-ignore
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length) throw new UnreadableError(problems);
  return { modules, tensors };
}

/** @param {Graph} graph @param {Map<string, Named[]>} modules */
function sequential({ layers }, modules) {
  const lines = layers
    .flatMap(({ name }) => modules.get(name) ?? [])
    .map(({ name, code, note }) => `            ("${name}", ${code}),${note ? `  # ${note}` : ""}\n`);
  return `model = nn.Sequential(\n    OrderedDict(\n        [\n${lines.join("")}        ]\n    )\n)\n`;
}

/** @param {Graph} graph @param {Map<string, Named[]>} modules */
function network({ input, layers, output }, modules) {
  const variable = identifiers(["self", "x", "torch", "nn"]);
  const variables = new Map([[input.name, "x"]]);
  const made = [];
  const steps = [];
  for (const layer of layers) {
    const sources = layer.inputs.map((source) => /** @type {string} */ (variables.get(source)));
    const own = variable(layer.name);
    variables.set(layer.name, own);
    if (isMerging(layer.className)) {
      steps.push(`        ${own} = ${MERGING[layer.className](sources, layer, layer.name)}\n`);
      continue;
    }
    const inside = modules.get(layer.name) ?? [];
    for (const { name, code, note } of inside)
      made.push(`        self.${name} = ${code}${note ? `  # ${note}` : ""}\n`);
    steps.push(`        ${own} = ${inside.reduce((value, { name }) => `self.${name}(${value})`, sources[0])}\n`);
  }
  return `class Network(nn.Module):
    def __init__(self):
        super().__init__()
${made.join("")}
    def forward(self, x):
${steps.join("")}        return ${variables.get(output)}


model = Network()
`;
}

/**
 * @param {Graph} graph
 * @param {Weights} weights in Keras' names and layouts
 * @param {{ file?: string }} [options] the name of the file of weights beside the code
 * @returns {{ code: string, safetensors: Uint8Array<ArrayBuffer> }}
 * @throws {UnreadableError} with a problem for each layer that PyTorch has not
 */
export function writePytorch(graph, weights, { file = "model.safetensors" } = {}) {
  const { modules, tensors } = modulesByLayer(graph, weights);
  const body = graph.sequential ? sequential(graph, modules) : network(graph, modules);
  const helpers = Object.entries(HELPERS).filter(([name]) => body.includes(` ${name}(`)).map(([, code]) => `\n\n${code}`); // prettier-ignore
  const sizes = [graph.input.shape.at(-1), ...graph.input.shape.slice(0, -1)].join(", ");
  const imports = `${graph.sequential ? "from collections import OrderedDict\n\n" : ""}import torch\nfrom torch import nn\nfrom safetensors.torch import load_file\n`;
  const use = `model.load_state_dict(load_file(${JSON.stringify(file)}))\nmodel.eval()\n# Its input has the channels first: (batch, ${sizes}).\n`;
  const space = helpers.length || !graph.sequential ? "\n\n" : "\n";
  return { code: `${imports}${helpers.join("")}${space}${body}${use}`, safetensors: writeSafetensors(tensors) };
}
