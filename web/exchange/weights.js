// Which weight of a file belongs to which layer: by Keras' names, where files carry them.

import { weightNames } from "./classes.js";
import { UnreadableError, shown, unreadable } from "./model-file.js";

/** @typedef {import("./model-file.js").Weight} Weight */
/** @typedef {import("./model-file.js").Weights} Weights */
/** @typedef {{ name: string, className: string, config: import("./model-file.js").Json }} Layer */

/** How older versions of Keras call a weight. @type {Record<string, string[]>} */
const FORMER = {
  kernel: ["depthwise_kernel", "W"],
  bias: ["b"],
  moving_mean: ["running_mean"],
  moving_variance: ["running_std"],
};

/**
 * The weights of a layer, in Keras' order.
 *
 * @param {Layer} layer
 * @param {Weight[]} weights as the file has them
 * @returns {[string, Weight][]}
 */
export function inOrder({ name, className, config }, weights) {
  const names = weightNames(className, config);
  if (weights.length !== names.length) {
    const needed = names.length ? `${names.length} weights (${names.join(", ")})` : "no weights";
    throw unreadable(
      `layer ${shown(name)} (${shown(className)})`,
      `it has ${needed}, the file has ${weights.length} for it.`,
    );
  }
  return names.map((weight, index) => [`${name}/${weight}`, weights[index]]);
}

/**
 * Weights by the two last parts of their names (`sequential/conv2d/kernel:0`).
 *
 * @param {Layer[]} layers
 * @param {Map<string, Weight>} given
 * @param {string[]} passedOver which gets what belongs to no layer
 * @returns {Weights}
 */
export function byName(layers, given, passedOver) {
  const short = new Map(
    Array.from(given, ([name, weight]) => [name.replace(/:\d+$/, "").split("/").slice(-2).join("/"), weight]),
  );
  /** @type {Weights} */
  const found = new Map();
  const problems = [];
  for (const { name, className, config } of layers) {
    for (const weight of weightNames(className, config)) {
      const names = [weight, ...(FORMER[weight] ?? [])].flatMap((other) => [`${name}/${other}`, `${name}_${other}`]);
      const key = names.find((other) => short.has(other));
      if (key === undefined)
        problems.push({
          place: `layer ${shown(name)} (${shown(className)})`,
          sentence: `the file lacks its ${weight}.`,
        });
      else {
        found.set(`${name}/${weight}`, /** @type {Weight} */ (short.get(key)));
        short.delete(key);
      }
    }
  }
  if (problems.length) throw new UnreadableError(problems);
  if (short.size) {
    const names = Array.from(short.keys()).slice(0, 5).map(shown).join(", ");
    passedOver.push(`${short.size} more weights of the file belong to no layer of the model (${names}).`);
  }
  return found;
}
