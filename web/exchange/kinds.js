// What a dropped file is, by its first bytes and its name, and what to bring instead of one that is not read.

import { isHdf5 } from "./hdf5/read.js";
import { isSafetensors } from "./safetensors.js";
import { isZip } from "./zip.js";

/** @typedef {"zip" | "hdf5" | "safetensors" | "onnx" | "json" | "python"} Kind those that are read */

/** Of PyTorch. */
const SAVE_STATE =
  'In Python: from safetensors.torch import save_file; save_file(model.state_dict(), "model.safetensors"), and drop that file with the architecture open in the editor; or torch.onnx.export(model, example, "model.onnx").';
const SAVE_KERAS =
  'In Python: keras.saving.load_model or tf.keras.models.load_model, then model.save("model.keras"), and drop that file.';

/** @type {{ named: RegExp, begins?: number[], at?: number, what: string, instead: string }[]} what people have and is not read */
const OTHERS = [
  {
    named: /\.(?:pt|pth|bin)$/i,
    begins: [0x80],
    what: "a PyTorch file (a Python pickle, which could run any program)",
    instead: SAVE_STATE,
  },
  {
    named: /\.(?:pkl|pickle|joblib)$/i,
    begins: [0x80],
    what: "a Python pickle, which could run any program",
    instead: SAVE_STATE,
  },
  {
    named: /\.tflite$/i,
    begins: [0x54, 0x46, 0x4c, 0x33],
    at: 4,
    what: "a TensorFlow Lite model, which is made for running only",
    instead: 'Bring the Keras model that it was converted from: model.save("model.keras").',
  },
  {
    named: /(?:saved_model|keras_metadata|frozen_\w+)?\.pb$/i,
    what: "a TensorFlow SavedModel (a graph of operations without layers)",
    instead: SAVE_KERAS,
  },
  {
    named: /(?:\.ckpt(?:[.-].*)?|\.data-\d+-of-\d+|\.index|checkpoint)$/i,
    what: "a TensorFlow checkpoint (weights without names of layers)",
    instead: SAVE_KERAS,
  },
  {
    named: /\.(?:mlmodel|mlpackage)$/i,
    what: "a Core ML model",
    instead: "Bring the model that it was converted from, as .keras or ONNX.",
  },
  { named: /\.(?:caffemodel|prototxt)$/i, what: "a Caffe model", instead: "Bring it as ONNX." },
  {
    named: /\.gguf$/i,
    begins: [0x47, 0x47, 0x55, 0x46],
    what: "a GGUF file (a language model)",
    instead: "Networks for images are read here, as .keras, .h5, ONNX or safetensors.",
  },
  {
    named: /\.npz$/i,
    what: "NumPy arrays",
    instead:
      'Weights alone do not tell the layers: bring model.save("model.keras"), or safetensors with the architecture open in the editor.',
  },
  {
    named: /\.npy$/i,
    begins: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59],
    what: "a NumPy array",
    instead: 'Bring model.save("model.keras").',
  },
  {
    named: /\.ipynb$/i,
    what: "a notebook",
    instead: 'Copy the cell that builds the model into the code of the editor, or bring model.save("model.keras").',
  },
  {
    named: /\.(?:gz|tgz|tar|7z|rar|bz2|xz)$/i,
    begins: [0x1f, 0x8b],
    what: "a packed archive of another kind than zip",
    instead: "Unpack it and drop the files in it.",
  },
];

/** @param {Uint8Array} bytes @param {readonly number[]} begin @param {number} [at] */
const begins = (bytes, begin, at = 0) => begin.every((byte, index) => bytes[at + index] === byte);

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 * @returns {Kind | undefined} nothing for a file that is not read, or only beside another
 */
export function kindOf(name, bytes) {
  if (isZip(bytes)) return "zip";
  if (isHdf5(bytes)) return "hdf5";
  if (/\.onnx$/i.test(name)) return "onnx";
  if (isSafetensors(bytes) || /\.safetensors$/i.test(name)) return "safetensors";
  if (/\.py$/i.test(name)) return "python";
  // A protocol buffer whose first field is a small number, as ONNX's version.
  if (bytes[0] === 0x08 && bytes[1] < 0x20 && !notRead(name, bytes)) return "onnx";
  const start = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart();
  if (/^[{[]/.test(start) && !/\.ipynb$/i.test(name)) return "json";
  return undefined;
}

/** @param {string} name @param {Uint8Array} bytes @returns {string | undefined} sentences: what it is, and what to bring instead */
export function notRead(name, bytes) {
  const found =
    OTHERS.find(({ named }) => named.test(name)) ??
    OTHERS.find(({ begins: begin, at }) => begin && begins(bytes, begin, at));
  return found && `it is ${found.what}. ${found.instead}`;
}

/** @param {import("./zip.js").Entry[]} entries of an archive that is no Keras file @returns {string | undefined} */
export function archiveNotRead(entries) {
  const has = (/** @type {RegExp} */ pattern) => entries.some(({ name }) => pattern.test(name));
  if (has(/(?:^|\/)data\.pkl$/)) return `it is a PyTorch file (pickles, which could run any program). ${SAVE_STATE}`;
  if (has(/(?:^|\/)saved_model\.pb$/))
    return `it is a TensorFlow SavedModel (a graph of operations without layers). ${SAVE_KERAS}`;
  if (entries.length > 0 && entries.every(({ name }) => /\.npy$/.test(name)))
    return OTHERS.find(({ named }) => named.test(".npz"))?.instead;
  return undefined;
}
