// What may make a network fit, or better: each a design of its own, which the engine judges before anybody is offered it.

import { fieldsOf } from "../../exchange/layer-fields.js";
import { NEEDED } from "../../exchange/layer-groups.js";
import { inserted, removed, replaced, withArguments } from "./design.js";
import { NO_PROBABILITIES, twoSums } from "./words.js";

/** @typedef {import("./design.js").Design} Design */
/** @typedef {{ title: string, design: Design }} Repair */
/**
 * @typedef {object} Misfit
 * @property {number} at which layer does not fit
 * @property {number[]} shape of what goes into it
 */

/** @param {unknown} value @returns {number[]} */
const sizes = (value) => (Array.isArray(value) ? value : [value, value]).map(Number);

/**
 * Repairs of a layer that does not fit, those that change least first.
 *
 * @param {Design} design
 * @param {Misfit} misfit
 * @returns {Repair[]}
 */
export function repairsOf(design, { at, shape }) {
  const { config, inputs } = design.layers[at];
  /** @type {Repair[]} */
  const repairs = [];
  const offer = (/** @type {string} */ title, /** @type {Design} */ changed) =>
    repairs.push({ title, design: changed });
  for (const argument of ["kernel_size", "pool_size"]) {
    if (config[argument] === undefined || shape.length < 2) continue;
    const smaller = sizes(config[argument]).map((size, axis) => Math.min(size, shape[axis] ?? size));
    if (String(smaller) !== String(sizes(config[argument]))) {
      offer(`${argument} ${smaller.join("×")}`, withArguments(design, at, { [argument]: smaller }));
    }
    if (config["padding"] !== "same") offer(`padding "same"`, withArguments(design, at, { padding: "same" }));
  }
  if (config["groups"] > 1) offer("groups 1", withArguments(design, at, { groups: 1 }));
  if (inputs.length > 1) return [...repairs, ...mergings(design, at), removal(design, at)];
  if (shape.length > 1) {
    offer(`Insert ${NEEDED.flat.className}`, inserted(design, at, NEEDED.flat));
    offer(`Insert ${NEEDED.means.className}`, inserted(design, at, NEEDED.means));
  }
  // What makes a row of the maps may stand too early.
  const flattening = at - 1;
  if (shape.length === 1 && flattening >= 0) {
    offer(`Remove ${design.layers[flattening].name}`, removed(design, flattening));
  }
  return [...repairs, removal(design, at)];
}

/** @param {Design} design @param {number} at @returns {Repair} */
const removal = (design, at) => ({ title: `Remove ${design.layers[at].name}`, design: removed(design, at) });

/** A 1×1 convolution makes as many maps of one branch as the other has. @param {Design} design @param {number} at @returns {Repair[]} */
function mergings(design, at) {
  const [one, other] = design.layers[at].inputs;
  const filters = design.layers.find(({ name }) => name === one)?.config["filters"];
  if (filters === undefined) return [];
  const behind = design.layers.findIndex(({ name }) => name === other) + 1;
  const { className, config } = NEEDED.matched;
  const name = `${design.layers[at].name}_shortcut`;
  const alone = { name, className, config: { ...config, filters }, inputs: [other] };
  const grown = { ...design, layers: [...design.layers.slice(0, behind), alone, ...design.layers.slice(behind)] };
  const merging = { inputs: [one, name] };
  return [{ title: `${filters} maps by a 1×1 ${className} on the shortcut`, design: replaced(grown, at + 1, merging) }];
}

/**
 * What ends a network that ends in maps: one number for each class.
 *
 * @param {Design} design
 * @param {number[]} shape that it ends in
 * @param {number} classes
 * @returns {Repair[]}
 */
export function endings(design, shape, classes) {
  const { flat, means } = NEEDED;
  const end = { ...NEEDED.classes, config: { ...NEEDED.classes.config, units: classes } };
  const closed = (/** @type {typeof flat} */ layer) => {
    const longer = inserted(design, design.layers.length, layer);
    return inserted(longer, longer.layers.length, end);
  };
  const added = shape.length === 1 ? [] : [flat, means];
  return added.map((layer) => ({
    title: `Add ${layer.className} and ${end.className}(${classes}, softmax)`,
    design: closed(layer),
  }));
}

/**
 * What is worth saying of a network that fits, with what would change it.
 *
 * @param {Design} design
 * @param {import("../../convscope.js").Summary} summary
 * @param {number} classes of what there is to learn
 * @returns {{ layer: string, sentence: string, repairs: Repair[] }[]}
 */
export function remarksOf(design, { outputs, answers, layers }, classes) {
  const remarks = [];
  const last = layers.length - 1;
  const end = layers[last];
  if (!end) return [];
  const config = design.layers[last]?.config ?? {};
  if (outputs !== classes) {
    const units =
      config["units"] === undefined
        ? []
        : [{ title: `units ${classes}`, design: withArguments(design, last, { units: classes }) }];
    const more = inserted(design, last + 1, {
      ...NEEDED.classes,
      config: { ...NEEDED.classes.config, units: classes },
    });
    const added =
      end.outputShape.length === 1
        ? [{ title: `Add ${NEEDED.classes.className}(${classes}, softmax)`, design: more }]
        : [];
    remarks.push({
      layer: end.name,
      sentence: `The network has ${outputs} outputs; there are ${classes} classes to learn.`,
      repairs: [...units, ...added].slice(0, 1),
    });
  } else if (answers === "scores") {
    const ends = "activation" in config || config["units"] !== undefined;
    const changed = ends
      ? withArguments(design, last, { activation: "softmax" })
      : inserted(design, last + 1, NEEDED.probabilities);
    remarks.push({
      layer: end.name,
      sentence: NO_PROBABILITIES,
      repairs: [{ title: ends ? `activation "softmax"` : `Add ${NEEDED.probabilities.className}`, design: changed }],
    });
  }
  return [...remarks, ...linearPairs(design, layers)];
}

/**
 * Two weighted sums with nothing between them are one.
 *
 * @param {Design} design
 * @param {import("../../convscope.js").Layer[]} layers
 */
function linearPairs(design, layers) {
  return layers.flatMap((layer) => {
    const before = layers.findIndex(({ name }) => name === layer.source);
    const first = layers[before];
    if (!first || layer.operation !== "weighted-sum" || first.operation !== "weighted-sum") return [];
    const takesActivation = fieldsOf(first.className).some(({ name }) => name === "activation");
    if (first.activation.name !== "linear" || !takesActivation) return [];
    return [
      {
        layer: first.name,
        sentence: twoSums(first.name, layer.name),
        repairs: [{ title: `activation "relu"`, design: withArguments(design, before, { activation: "relu" }) }],
      },
    ];
  });
}
