// The network on view as files for other programs.

import { graphOf } from "../../exchange/graph.js";
import { weightsOf } from "./opening.js";

/** @typedef {import("../../session/session.js").Session} Session */
/** @typedef {{ model: import("../../convscope.js").RemoteModel, graph: import("../../exchange/graph.js").Graph, config: import("../../convscope.js").KerasConfig, weights: import("../../exchange/model-file.js").Weights }} Exported */
/** @typedef {{ name: string, contents: string | Uint8Array }} Written */

/** @param {unknown} json */
const indented = (json) => `${JSON.stringify(json, null, 2)}\n`;

/**
 * What there is to choose from; each gives its files.
 *
 * @type {{ value: string, text: string, write: (exported: Exported, name: string) => Promise<Written[]> }[]}
 */
export const FORMATS = [
  {
    value: "keras-code",
    text: "Keras code (.py)",
    write: async ({ graph }, name) => {
      const { writeKerasCode } = await import("../../exchange/python/keras-writer.js");
      return [{ name: `${name}.py`, contents: writeKerasCode(graph).code }];
    },
  },
  {
    value: "pytorch",
    text: "PyTorch code and weights",
    write: async ({ graph, weights }, name) => {
      const { writePytorch } = await import("../../exchange/pytorch/write.js");
      const file = `${name}-torch.safetensors`;
      const { code, safetensors } = writePytorch(graph, weights, { file });
      return [
        { name: `${name}-torch.py`, contents: code },
        { name: file, contents: safetensors },
      ];
    },
  },
  {
    value: "keras-json",
    text: "Keras JSON (.json)",
    write: async ({ config }, name) => [{ name: `${name}.json`, contents: indented(config) }],
  },
  {
    value: "keras",
    text: "Keras file (.keras)",
    write: async ({ config, weights }, name) => {
      const { writeKeras } = await import("../../exchange/keras-file.js");
      return [{ name: `${name}.keras`, contents: writeKeras({ config, weights }) }];
    },
  },
  {
    value: "safetensors",
    text: "safetensors with Keras’ names",
    write: async ({ model }, name) => [{ name: `${name}.safetensors`, contents: await model.toSafetensors() }],
  },
  {
    value: "onnx",
    text: "ONNX (.onnx)",
    write: async ({ graph, weights }, name) => {
      const { writeOnnx } = await import("../../exchange/onnx/write.js");
      return [{ name: `${name}.onnx`, contents: writeOnnx(graph, weights) }];
    },
  },
];

/**
 * Hands the files of the network on view to the browser.
 *
 * @param {Session} session
 * @param {string} format one of {@link FORMATS}
 * @returns {Promise<string[]>} their names
 */
export async function exportModel(session, format) {
  const { model, shown } = session;
  const chosen = FORMATS.find(({ value }) => value === format);
  if (!model || !shown || !chosen) return [];
  const [config, { layers }, flat] = await Promise.all([model.getConfig(), model.summary(), model.flatWeights()]);
  const exported = { model, config, graph: graphOf(config), weights: weightsOf(layers, flat) };
  const name =
    shown.title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "model";
  const files = await chosen.write(exported, name);
  for (const { name, contents } of files) save(name, contents);
  return files.map((file) => file.name);
}

/** @param {string} name @param {string | Uint8Array} contents */
function save(name, contents) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (contents)]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
