// What the engine says of a network under construction: whether its layers fit, which does not, and what would mend it.

import { PIXELS, SIDE } from "../../data/image-size.js";
import { problemOf } from "../../session/problem.js";
import { describedDesign, upTo } from "./design.js";
import { endings, remarksOf, repairsOf } from "./repairs.js";
import * as words from "./words.js";

/** @typedef {import("./design.js").Design} Design */
/** @typedef {import("./repairs.js").Repair} Repair */
/** @typedef {import("../../convscope.js").Summary} Summary */
/** @typedef {{ describe: (config: import("../../convscope.js").KerasConfig) => Summary | Promise<Summary> }} Engine */
/** @typedef {(design: Design) => Promise<Summary>} Describe */
/**
 * @typedef {object} Fault why a network cannot be built
 * @property {string} [layer] the name of the layer at fault
 * @property {string} sentence
 * @property {Repair[]} repairs that the engine accepts
 */
/**
 * @typedef {object} Judgement
 * @property {Design} design that it is of
 * @property {Summary | undefined} summary of the layers that fit
 * @property {Fault | undefined} fault
 * @property {ReturnType<typeof remarksOf>} remarks
 */

/** The digits. */
const CLASSES = 10;
/** More repairs are no help. */
const MOST_REPAIRS = 3;

/**
 * @param {Engine} engine
 * @param {Design} design
 * @param {number} [classes] of what there is to learn
 * @returns {Promise<Judgement>}
 */
export async function judge(engine, design, classes = CLASSES) {
  /** @type {Describe} */
  const describe = async (one) => engine.describe(describedDesign(one));
  if (design.layers.length === 0) {
    return { design, summary: undefined, fault: { sentence: words.NO_LAYERS, repairs: [] }, remarks: [] };
  }
  try {
    const summary = await describe(design);
    if (!isShowable(design.input.shape)) {
      const fault = { sentence: words.noPicture(design.input.shape), repairs: [] };
      return { design, summary, fault, remarks: [] };
    }
    const end = summary.layers.at(-1)?.outputShape ?? [];
    if (end.length === 1) return { design, summary, fault: undefined, remarks: remarksOf(design, summary, classes) };
    const { name } = design.layers[design.layers.length - 1];
    const fault = { layer: name, sentence: words.endsInMaps(end), repairs: endings(design, end, classes) };
    return { design, summary, fault, remarks: [] };
  } catch (error) {
    return { design, ...(await misfit(design, problemOf(error).message, describe)), remarks: [] };
  }
}

/** Whether the page has something to show such an input, a picture or the pixels of a digit. @param {number[]} shape */
function isShowable(shape) {
  const [height, width, channels] = shape;
  if (shape.length === 3) return channels === 1 || channels === 3;
  return shape.length === 2 ? height === SIDE && width === SIDE : height === PIXELS;
}

/** @param {Design} design @param {string} message of the engine @param {Describe} describe */
async function misfit(design, message, describe) {
  const [, name, sentence] = /^layer \d+ \((.+?)\): (.*)$/s.exec(message) ?? [];
  const at = design.layers.findIndex((layer) => layer.name === name);
  if (at < 0) return { summary: undefined, fault: { sentence: message, repairs: [] } };
  const summary = at > 0 ? await describe(upTo(design, at)).catch(() => undefined) : undefined;
  const [from] = design.layers[at].inputs;
  const shape = summary?.layers.find((layer) => layer.name === from)?.outputShape ?? design.input.shape;
  /** @type {Repair[]} */
  const repairs = [];
  for (const repair of repairsOf(design, { at, shape })) {
    // What comes behind has its own faults, which are told next.
    const count = Math.max(1, at + 1 + repair.design.layers.length - design.layers.length);
    const fits = await describe(upTo(repair.design, count)).then(
      () => true,
      () => false,
    );
    if (fits) repairs.push(repair);
    if (repairs.length === MOST_REPAIRS) break;
  }
  return { summary, fault: { layer: name, sentence, repairs } };
}

/** @type {Promise<Set<string>> | undefined} */
let known;

/**
 * The classes of layers that the engine knows.
 *
 * @param {Engine} engine
 * @param {string[]} classNames
 * @returns {Promise<Set<string>>}
 */
export function knownLayers(engine, classNames) {
  known ??= Promise.all(
    classNames.map(async (className) => {
      const input = { name: "input_layer", shape: [28, 28, 1] };
      const layers = [{ name: "layer", className, config: {}, inputs: ["input_layer"] }];
      try {
        await engine.describe(describedDesign({ name: "model", input, layers }));
        return [className];
      } catch (error) {
        // All else that it has to say is of arguments and shapes.
        return problemOf(error).message.includes("class_name: ") ? [] : [className];
      }
    }),
  ).then((all) => new Set(all.flat()));
  return known;
}
