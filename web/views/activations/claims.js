// What the view of activations says of its networks, as it can be checked.

import { first } from "../../data/split.js";
import { GradientProbe } from "../../training/gradients.js";
import { Race } from "../../training/race.js";
import { recorded } from "../../training/recorded.js";
import {
  DEFAULTS,
  EXAMPLES,
  LANES,
  MEASURED,
  PROBED,
  READING,
  deep,
  entriesOf,
  inputOf,
  resting,
} from "./experiment.js";

/** @typedef {import("../../training/recorded.js").ShownRun} ShownRun */
/** @typedef {{ run: ShownRun, start: number[], end: number[], saturated: number, inactive: number }} Came gradients by layer before and after training; units that rest before and after it */
/** @typedef {{ data: string, lanes: Record<string, Came> }} Result */

/**
 * The race that the view opens with.
 * @param {{ engine: import("../../convscope.js").RemoteEngine, data: import("../../data/choice.js").DataSet, seed: number }} given
 * @returns {Promise<Result>}
 */
export async function measure({ engine, data, seed }) {
  const training = first(data.training, EXAMPLES);
  const probes = inputOf(first(data.validation, PROBED).pixels);
  const race = new Race({ engine, seed, training, validation: data.validation, entries: entriesOf(DEFAULTS) });
  await race.prepare();
  /** Gradients and resting units of all runners. */
  const read = async () => {
    const all = race.runners.map(async ({ name, run: { model } }) => {
      if (!model) throw new Error(`${name} has no model`);
      const probe = await GradientProbe.for(engine, deep(name, DEFAULTS.depth), first(training, MEASURED), READING);
      const sizes = await probe.sizes(await model.flatWeights());
      await probe.free();
      return { sizes, ...(await resting(engine, name, model, probes)) };
    });
    return Promise.all(all);
  };
  const before = await read();
  await race.start();
  const after = await read();
  const lanes = race.runners.map(({ name, run }, index) => {
    const came = {
      run: recorded(run),
      start: before[index].sizes.map(rounded),
      end: after[index].sizes.map(rounded),
      saturated: before[index].saturated,
      inactive: after[index].inactive,
    };
    return [name, came];
  });
  await race.close();
  return { data: data.title, lanes: Object.fromEntries(lanes) };
}

/** @param {number} size */
const rounded = (size) => Number(size.toPrecision(3));

/** What the view shows before it has learnt. @param {Result} result */
export const record = (result) => ({ file: "recorded.json", content: result });

/** @param {Result} result @returns {string[][]} */
export function figures({ lanes }) {
  const sizes = (/** @type {number[]} */ list) => list.map((size) => size.toExponential(1)).join(" ");
  return [
    [
      "activation",
      "accuracy",
      "gradient by layer at the start",
      "at the end",
      "saturated at the start",
      "inactive at the end",
    ],
    ...LANES.map(({ name }) => {
      const { run, start, end, saturated, inactive } = lanes[name];
      return [
        name,
        `${(100 * accuracyOf(run)).toFixed(1)} %`,
        sizes(start),
        sizes(end),
        String(saturated),
        String(inactive),
      ];
    }),
  ];
}

/** @param {ShownRun} run */
const accuracyOf = ({ epochs }) => epochs.at(-1)?.valAccuracy ?? 0;
/** How much smaller the gradient of the first layer is than that of the last hidden one. @param {number[]} sizes */
const shrinking = (sizes) => sizes[sizes.length - 2] / sizes[0];
const others = LANES.map(({ name }) => name).filter((name) => name !== "sigmoid");

/** @type {{ says: string, holds: (result: Result) => boolean }[]} */
export const claims = [
  {
    says: "sigmoid: before the first step the gradient of the first layer is at least 100 times smaller than that of the fifth",
    holds: ({ lanes }) => shrinking(lanes.sigmoid.start) > 100,
  },
  {
    says: "sigmoid: the gradient shrinks at every layer, and no unit is saturated",
    holds: ({ lanes: { sigmoid } }) =>
      sigmoid.start.every((size, layer) => layer === 0 || size > 2 * sigmoid.start[layer - 1]) &&
      sigmoid.saturated === 0,
  },
  {
    says: "the others: the gradients of all hidden layers are of one size, within a factor of 5",
    holds: ({ lanes }) =>
      others.every((name) => {
        const hidden = lanes[name].start.slice(0, -1);
        return Math.max(...hidden) < 5 * Math.min(...hidden);
      }),
  },
  {
    says: "sigmoid has not begun to learn when the others read at least three of four digits",
    holds: ({ lanes }) =>
      accuracyOf(lanes.sigmoid.run) < 0.2 && others.every((name) => accuracyOf(lanes[name].run) > 0.75),
  },
];
