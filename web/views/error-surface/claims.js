// What the view of error surfaces says of its pictures, as it can be checked.

import { OPTIMIZERS } from "../../runs/optimizers.js";
import {
  BATCH_RATES,
  BATCH_SIZES,
  EXAMPLES,
  SURFACES,
  chosenRates,
  descend,
  errorsOf,
  judged,
  ratesOn,
} from "./experiment.js";

/** @typedef {import("./experiment.js").AnyEngine} AnyEngine */
/** @typedef {{ rate: number, end: number, last: number, errors: number[], places: number[][] }} Come what a path came to */
/** @typedef {{ surfaces: Record<string, Record<string, Come>>, chosen: Record<string, Record<string, number>>, batches: Record<string, Come> }} Result */

/** An error that is so many times smaller is far smaller. */
const FAR = 10;
/** The saddle's error is 1: whoever is below has left it. */
const LEFT = 0.9;

/** @param {Float32Array} points @param {number} rate @returns {Come} */
function come(points, rate) {
  const errors = errorsOf(points);
  const places = errors.map((_, step) => [points[3 * step], points[3 * step + 1]]);
  return { rate, end: judged(errors), last: errors[errors.length - 1], errors, places };
}

/** Every path that the view opens with, and what the search finds for the rates of each. @param {{ engine: AnyEngine, seed: number }} given @returns {Promise<Result>} */
export async function measure({ engine, seed }) {
  /** @type {Result} */
  const result = { surfaces: {}, chosen: {}, batches: {} };
  for (const surface of SURFACES) {
    result.chosen[surface.name] = await chosenRates(engine, surface);
    /** @type {Record<string, Come>} */
    const paths = {};
    for (const optimizer of OPTIMIZERS) {
      const rate = ratesOn(surface.name)[optimizer.name];
      paths[optimizer.name] = come(await descend(engine, surface, { optimizer, rate, seed: seed + 1 }), rate);
    }
    result.surfaces[surface.name] = paths;
    if (surface.name !== "regression") continue;
    for (const batchSize of BATCH_SIZES) {
      const rate = BATCH_RATES.sgd;
      const points = await descend(engine, surface, { optimizer: OPTIMIZERS[0], rate, batchSize, seed: seed + 1 });
      result.batches[batchSize] = come(points, rate);
    }
  }
  return result;
}

/** @param {Result} result @returns {string[][]} */
export function figures({ surfaces, batches }) {
  const row = (/** @type {string} */ where, /** @type {string} */ who, /** @type {Come} */ { rate, end, last }) => [
    where,
    who,
    String(rate),
    last.toExponential(1),
    end.toExponential(1),
  ];
  return [
    ["surface", "path", "learning rate", "error at the end", "highest of the last tenth"],
    ...SURFACES.flatMap(({ name }) =>
      OPTIMIZERS.map((optimizer) => row(name, optimizer.title, surfaces[name][optimizer.name])),
    ),
    ...BATCH_SIZES.map((size) => row("regression", `SGD, batch of ${size}`, batches[size])),
  ];
}

/** How often a parameter changes its sign within the first steps. @param {Come} come @param {number} axis @param {number} steps */
const turns = ({ places }, axis, steps) =>
  places.slice(1, steps + 1).filter((place, index) => place[axis] * places[index][axis] < 0).length;
/** @param {Come} come */
const leaves = ({ errors }) => errors.findIndex((error) => error < LEFT);

/** @type {{ says: string, holds: (result: Result) => boolean }[]} */
export const claims = [
  {
    says: "the learning rates on view are those that the search finds",
    holds: ({ chosen }) =>
      SURFACES.every(({ name }) => OPTIMIZERS.every((one) => chosen[name][one.name] === ratesOn(name)[one.name])),
  },
  {
    says: "ravine: SGD jumps from wall to wall, in at least 15 of its first 20 steps",
    holds: ({ surfaces: { ravine } }) => turns(ravine.sgd, 1, 20) >= 15,
  },
  {
    says: "ravine: Momentum and Adam end far lower than SGD",
    holds: ({ surfaces: { ravine } }) => Math.max(ravine.momentum.end, ravine.adam.end) < ravine.sgd.end / FAR,
  },
  {
    says: "ravine: RMSprop does not come to rest, its error rises again a hundredfold",
    holds: ({ surfaces: { ravine } }) =>
      Math.max(...ravine.rmsprop.errors.slice(-20)) > 100 * Math.min(...ravine.rmsprop.errors.slice(0, -20)),
  },
  {
    says: "saddle: SGD leaves later than AdaGrad, RMSprop and Adam, by 20 steps at least",
    holds: ({ surfaces: { saddle } }) =>
      ["adagrad", "rmsprop", "adam"].every((name) => leaves(saddle[name]) + 20 <= leaves(saddle.sgd)),
  },
  {
    says: "Beale: Momentum and Adam end far lower than SGD",
    holds: ({ surfaces: { beale } }) => Math.max(beale.momentum.end, beale.adam.end) < beale.sgd.end / FAR,
  },
  {
    says: "Rosenbrock: Momentum and Adam end far lower than SGD",
    holds: ({ surfaces: { rosenbrock } }) =>
      Math.max(rosenbrock.momentum.end, rosenbrock.adam.end) < rosenbrock.sgd.end / FAR,
  },
  {
    says: "Rosenbrock: AdaGrad is first in the valley, and ends far higher than Momentum and Adam",
    holds({ surfaces: { rosenbrock } }) {
      const arrives = (/** @type {Come} */ { errors }) => errors.findIndex((error) => error < 1);
      const others = OPTIMIZERS.filter(({ name }) => name !== "adagrad").map(({ name }) => arrives(rosenbrock[name]));
      const { adagrad, momentum, adam } = rosenbrock;
      return others.every((step) => arrives(adagrad) <= step) && adagrad.end > FAR * Math.max(momentum.end, adam.end);
    },
  },
  {
    says: "straight line: every optimiser comes within a tenth of the lowest error",
    holds({ surfaces: { regression } }) {
      const ends = OPTIMIZERS.map(({ name }) => regression[name].end);
      return Math.max(...ends) < 1.1 * Math.min(...ends);
    },
  },
  {
    says: "straight line: all examples lead down at every step, one at a time never rests",
    holds: ({ batches }) =>
      batches[EXAMPLES].errors.every((error, step, errors) => step === 0 || error <= errors[step - 1] * 1.0001) &&
      batches[1].end > 1.02 * batches[EXAMPLES].end,
  },
  {
    says: "straight line: after 32 examples one at a time has come lower than one step of all",
    holds: ({ batches }) => batches[1].errors[EXAMPLES] < batches[EXAMPLES].errors[1],
  },
];

/** The learning rates that the view opens with. @param {{ engine: AnyEngine }} given */
export async function sweep({ engine }) {
  const found = await Promise.all(SURFACES.map(async (surface) => [surface.name, await chosenRates(engine, surface)]));
  return { file: "rates.json", content: Object.fromEntries(found) };
}
