// This engine in a build that can do each part of a training step on its own: target/web-profile.
import { writeSafetensors } from "../safetensors.mjs";
import { description, examples, initialWeights, inputShape, optimizer, workloadNamed } from "../workloads.mjs";

/**
 * @typedef {object} Part
 * @property {string | null} layer
 * @property {string} work
 * @property {number} multiplyAdds  For one example, by the definition of the layer.
 * @property {number} [neededMultiplyAdds]  Those that the engine's method needs.
 */

/** For a profile whose optimiser does not matter: without momentum, as AlexNet's would fill the memory. */
export const withoutMomentum = { ...optimizer, momentum: 0 };

/**
 * @param {string} variant
 * @param {import("../workloads.mjs").Workload} workload
 * @param {number} batch
 */
export async function openProfile(variant, workload, batch) {
  const glue = await import(`/web-profile/convscope_wasm.js?${variant}`);
  await glue.default({ module_or_path: `/web-profile/convscope-${variant}.wasm` });
  const { pixels, labels, x } = examples(workload, batch);
  const data = new glue.Dataset(pixels, labels, ...inputShape(workload));
  const indices = Uint32Array.from(labels, (_, index) => index);
  return {
    x,
    batchOf: (count) => glue.Batch.of(data, indices.subarray(0, count)),
    /** A model, compiled for SGD where there is its configuration. */
    model(config) {
      const model = glue.Model.fromConfig(JSON.stringify(description(workload)), 1);
      model.loadSafetensors(writeSafetensors(initialWeights(workload)));
      if (!config) return model;
      const compile = { optimizer: { class_name: "SGD", config }, loss: "sparse_categorical_crossentropy" };
      model.compile(JSON.stringify(compile));
      return model;
    },
    profileOf: (model, batch) => new glue.Profile(model, batch),
  };
}

/**
 * The multiply-adds that this engine's method needs for one image, or undefined where there is no such build or it does
 * not tell.
 *
 * @param {string} variant
 * @param {string} name  The workload's.
 * @param {number} batch
 * @param {string} mode
 */
export async function neededMultiplyAdds(variant, name, batch, mode) {
  const response = await fetch(`/web-profile/convscope-${variant}.wasm`, { method: "HEAD" });
  if (!response.ok) return undefined;
  const { model, batchOf, profileOf } = await openProfile(variant, workloadNamed(name), batch);
  const profile = largest(batch, (count) => profileOf(model(withoutMomentum), batchOf(count)));
  return sumOf(mode, profile.parts(), "neededMultiplyAdds");
}

/** What can be made of as many examples as go through the network together. */
function largest(count, make) {
  try {
    return make(count);
  } catch (error) {
    if (count === 1) throw error;
    return largest(count >> 1, make);
  }
}

/**
 * @param {string} mode
 * @param {Part[]} parts
 * @param {"multiplyAdds" | "neededMultiplyAdds"} kind
 * @returns {number | undefined}
 */
export function sumOf(mode, parts, kind) {
  const taken = mode === "infer" ? parts.filter(({ work }) => work === "forward") : disjoint(parts);
  return taken.reduce((sum, part) => sum + part[kind], 0) || undefined;
}

/**
 * The parts of a step that don't overlap: of a layer's gradients, those of the weights alone and what the input's cost
 * beyond them.
 *
 * @template {Part} P
 * @param {P[]} parts
 * @param {(whole: P, weights: P) => object} [rest]  What the input's gradient has besides.
 * @returns {P[]}
 */
export function disjoint(parts, rest = () => ({})) {
  return parts.map((part) => {
    const weights = parts.find(({ layer, work }) => layer === part.layer && work === "weightGradient");
    if (part.work !== "backward" || !weights) return part;
    return {
      ...part,
      work: "inputGradient",
      multiplyAdds: part.multiplyAdds - weights.multiplyAdds,
      neededMultiplyAdds: part.neededMultiplyAdds - weights.neededMultiplyAdds,
      ...rest(part, weights),
    };
  });
}
