// Checkpoints of a model that learns: safetensors files with weights and optimiser.

import { isEngineError } from "../engine/errors.js";

/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("./datasets.js").Datasets} Datasets */

const MOST_HEADER = 2 << 20;
/** Examples on which weights that were kept are tried out. */
const MOST_TRIED = 32;

/**
 * @param {Model} model
 * @returns {Promise<Uint8Array | undefined>} nothing where it has no finite numbers any more
 */
export async function checkpointOf(model) {
  try {
    return await model.toSafetensors({ optimizer: true });
  } catch (error) {
    if (isEngineError(error) && error.code === "value") return undefined;
    throw error;
  }
}

/**
 * Takes two steps: numbers that are finite can still be none that anybody has learnt.
 *
 * @param {Model} model
 * @param {Datasets["training"]} training
 * @param {number} examples in it
 */
export async function tryOut(model, training, examples) {
  const indices = Array.from({ length: Math.min(examples, MOST_TRIED) }, (_, index) => index);
  for (let step = 0; step < 2; step++) {
    const { loss } = await model.trainStep(training, indices);
    if (!Number.isFinite(loss)) throw new Error(`bytes: needs weights with a finite loss, got ${loss}`);
  }
}

/**
 * How many steps of training a safetensors file with an optimiser has behind it.
 *
 * @param {Uint8Array} bytes
 * @returns {number | undefined} nothing where it does not say so
 */
export function stepsOf(bytes) {
  try {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + Math.min(length, MOST_HEADER)));
    return JSON.parse(JSON.parse(header).__metadata__.convscope).steps;
  } catch {
    return undefined;
  }
}
