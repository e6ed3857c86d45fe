// The state_dict of a PyTorch model, in a safetensors file, for an architecture that is given: what file order and names leave
// open is decided by shapes. Kernels are turned to Keras' layouts, and the rows behind a flattening with them.

import { completed, weightNames } from "../classes.js";
import { flattenings, rowsChannelsLast } from "../flattening.js";
import { graphOf } from "../graph.js";
import { UnreadableError, shown, sizeOf } from "../model-file.js";
import { reshaped, transposed } from "../numbers.js";

/** @typedef {import("../model-file.js").Weight} Weight */
/** @typedef {import("../model-file.js").Weights} Weights */
/** @typedef {import("../model-file.js").Json} Json */
/** @typedef {import("../graph.js").GraphLayer} GraphLayer */
/** @typedef {{ name: string, tensors: Record<string, Weight> }} Module */

/** PyTorch's names of weights, by Keras'. @type {Record<string, string>} */
const NAMES = { kernel: "weight", depthwise_kernel: "weight", pointwise_kernel: "weight", bias: "bias", gamma: "weight", beta: "bias", moving_mean: "running_mean", moving_variance: "running_var", alpha: "weight", mean: "mean", variance: "variance" }; // prettier-ignore

/** Whether tensors are a state_dict of PyTorch. @param {Weights} tensors */
export function isStateDict(tensors) {
  return Array.from(tensors.keys()).some((name) => /\.(?:weight|bias|running_mean)$/.test(name));
}

/** What Keras has for a layer, as PyTorch shapes it. @param {GraphLayer} layer @returns {{ weights: Record<string, number[]> }[]} modules */
function expected({ className, config: given, inputShape }) {
  const config = completed(className, given);
  const channels = /** @type {number} */ (inputShape.at(-1));
  /** @param {number} count @returns {Record<string, number[]>} */
  const bias = (count) => (config.use_bias === false ? {} : { bias: [count] });
  const sizes = (/** @type {unknown} */ value) =>
    Array.isArray(value) ? value : Array(inputShape.length - 1).fill(value);
  if (className === "Dense") return [{ weights: { weight: [config.units, channels], ...bias(config.units) } }];
  if (/^Conv\dD$/.test(className))
    return [
      {
        weights: {
          weight: [config.filters, channels / (config.groups ?? 1), ...sizes(config.kernel_size)],
          ...bias(config.filters),
        },
      },
    ];
  if (/^Conv\dDTranspose$/.test(className))
    return [{ weights: { weight: [channels, config.filters, ...sizes(config.kernel_size)], ...bias(config.filters) } }];
  const between = channels * (config.depth_multiplier ?? 1);
  if (/^Depthwise/.test(className))
    return [{ weights: { weight: [between, 1, ...sizes(config.kernel_size)], ...bias(between) } }];
  if (/^Separable/.test(className)) {
    const one = sizes(1);
    return [
      { weights: { weight: [between, 1, ...sizes(config.kernel_size)] } },
      { weights: { weight: [config.filters, between, ...one], ...bias(config.filters) } },
    ];
  }
  if (className === "PReLU") return [{ weights: { weight: [channels] } }];
  const names = weightNames(className, config).filter((name) => NAMES[name]);
  return names.length ? [{ weights: Object.fromEntries(names.map((name) => [NAMES[name], [channels]])) }] : [];
}

/** @param {string} one @param {string} other as people count: 2 before 10 */
const inNaturalOrder = (one, other) => one.localeCompare(other, "en", { numeric: true });

/** @param {Weights} tensors @param {string[]} passedOver @returns {Module[]} */
function modulesOf(tensors, passedOver) {
  /** @type {Map<string, Record<string, Weight>>} */
  const modules = new Map();
  let counts = 0;
  for (const [name, weight] of tensors) {
    const [, module, own] = /^(.*)\.([^.]+)$/.exec(name) ?? [];
    if (own === "num_batches_tracked") counts += 1;
    else
      modules.set(
        module ?? name,
        Object.assign(modules.get(module ?? name) ?? Object.create(null), { [own ?? "weight"]: weight }),
      );
  }
  if (counts) passedOver.push(`num_batches_tracked (${counts} of them) counts steps, which nothing here needs.`);
  return Array.from(modules, ([name, tensors]) => ({ name, tensors }));
}

/** @param {Module} module @param {Record<string, number[]>} weights */
function fits({ tensors }, weights) {
  const names = Object.keys(tensors);
  // A batch normalisation without gamma has ones in PyTorch.
  const isKnown = names.every(
    (name) => weights[name] || (weights.running_mean && (name === "weight" || name === "bias")),
  );
  return (
    isKnown &&
    Object.entries(weights).every(
      ([name, shape]) => name in tensors && JSON.stringify(tensors[name].shape) === JSON.stringify(shape),
    )
  );
}

/** A kernel of PyTorch in Keras' layout. @param {GraphLayer} layer @param {string} name @param {Weight} weight @param {number[] | undefined} rows */
function turned(layer, name, weight, rows) {
  const axes = weight.shape.length - 2;
  const places = Array.from({ length: Math.max(0, axes) }, (_, axis) => axis + 2);
  if (layer.className === "Dense" && name === "kernel") {
    const kernel = transposed(weight, [1, 0]);
    return rows ? rowsChannelsLast(kernel, rows) : kernel;
  }
  if (/kernel$/.test(name) && (/^Depthwise/.test(layer.className) || name === "depthwise_kernel")) {
    const channels = /** @type {number} */ (layer.inputShape.at(-1));
    const grouped = reshaped(weight, [channels, weight.shape[0] / channels, ...weight.shape.slice(2)]);
    return transposed(grouped, [...places, 0, 1]);
  }
  if (/kernel$/.test(name)) return transposed(weight, [...places, 1, 0]);
  if (name === "alpha") {
    const shared = layer.config.shared_axes ?? [];
    const shape = layer.inputShape.map((size, axis) => (shared.includes(axis + 1) ? 1 : size));
    return sizeOf(shape) === weight.values.length ? reshaped(weight, shape) : weight;
  }
  return weight;
}

/**
 * @param {string} place the file's name
 * @param {Weights} tensors the state_dict
 * @param {Json} config the architecture
 * @returns {import("../model-file.js").ModelFile}
 */
export function readStateDict(place, tensors, config) {
  const graph = graphOf(config);
  const { readers, flattened } = flattenings(graph);
  /** @type {string[]} */
  const passedOver = [];
  const left = modulesOf(tensors, passedOver).sort((a, b) => inNaturalOrder(a.name, b.name));
  /** @type {Weights} */
  const weights = new Map();
  /** @type {import("../model-file.js").Problem[]} */
  const problems = [];
  /** @type {string[]} */
  const chosen = [];
  for (const layer of graph.layers) {
    const at = `layer ${shown(layer.name)} (${shown(layer.className)})`;
    if (layer.className === "Flatten" && layer.inputShape.length > 1 && !flattened.has(layer.name)) {
      problems.push({
        place: at,
        sentence: "PyTorch flattens channels first; only Dense layers may read what it gives.",
      });
    }
    const found = expected(layer).map(({ weights: needed }) => {
      // The layer's own name decides, then the order.
      const own = left.findIndex(
        (module) => (module.name === layer.name || module.name.startsWith(`${layer.name}_`)) && fits(module, needed),
      );
      const index = own >= 0 ? own : left.findIndex((module) => fits(module, needed));
      if (index < 0) {
        const shapes = Object.entries(needed).map(([name, shape]) => `${name} ${shown(shape)}`).join(", "); // prettier-ignore
        const next = left[0] ? `; next in it is ${shown(left[0].name)} with ${Object.entries(left[0].tensors).map(([name, { shape }]) => `${name} ${shown(shape)}`).join(", ")}` : ""; // prettier-ignore
        problems.push({ place: at, sentence: `the file has no tensors of its shapes (${shapes})${next}.` });
        return undefined;
      }
      const rivals = left.filter((module) => fits(module, needed)).length;
      if (rivals > 1 && own < 0) chosen.push(`${layer.name} from ${left[index].name}`);
      return left.splice(index, 1)[0];
    });
    take(layer, found, readers.get(layer.name), weights);
    if (layer.className === "BatchNormalization") noteDefaults(layer, passedOver);
  }
  if (problems.length)
    throw new UnreadableError(problems.map((problem) => ({ ...problem, place: `${place}: ${problem.place}` })));
  if (chosen.length)
    passedOver.push(
      `Where several tensors have a layer’s shape, they were taken in the order of their names: ${shown(chosen.join(", "))}.`,
    );
  if (left.length) passedOver.push(`${left.length} modules of the file belong to no layer of the architecture (${left.slice(0, 5).map(({ name }) => shown(name)).join(", ")}).`); // prettier-ignore
  return { format: "a state_dict of PyTorch", config, weights, passedOver };
}

/** @param {GraphLayer} layer @param {(Module | undefined)[]} modules @param {number[] | undefined} rows @param {Weights} weights */
function take(layer, modules, rows, weights) {
  for (const name of weightNames(layer.className, layer.config)) {
    const module = modules[name === "pointwise_kernel" || (name === "bias" && modules.length > 1) ? 1 : 0];
    const own = NAMES[name];
    if (module && own) weights.set(`${layer.name}/${name}`, turned(layer, name, module.tensors[own], rows));
    // What Normalization has counted is no part of what it computes.
    else if (module) weights.set(`${layer.name}/${name}`, { shape: [], values: Float32Array.of(0) });
  }
}

/** @param {GraphLayer} layer @param {string[]} passedOver */
function noteDefaults({ name, className, config }, passedOver) {
  const { epsilon, momentum } = completed(className, config);
  if (epsilon === 1e-5 && momentum === 0.9) return;
  passedOver.push(
    `${name}: a state_dict does not tell epsilon and momentum; the architecture’s are used (${epsilon} and ${momentum}). PyTorch’s defaults are 0.00001 and, counted as Keras does, 0.9.`,
  );
}
