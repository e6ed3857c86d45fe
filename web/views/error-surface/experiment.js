// What the view of error surfaces compares, without a page: the surfaces, who descends, and at which learning rates.

import { OPTIMIZERS, kerasOptimizer } from "../../runs/optimizers.js";
import rates from "./rates.json" with { type: "json" };

/** @typedef {import("../../convscope.js").Engine | import("../../convscope.js").RemoteEngine} AnyEngine */
/** @typedef {import("../../runs/optimizers.js").Optimizer} Optimizer */
/** @typedef {import("../../convscope.js").ErrorSurface["name"]} SurfaceName */
/**
 * @typedef {object} Surface
 * @property {SurfaceName} name
 * @property {[string, string]} parameters
 * @property {[number, number]} from one corner of what is shown
 * @property {[number, number]} to the other
 * @property {[number, number]} start
 * @property {number} steps as many as a path takes
 * @property {number} [firstStep] how far along the first parameter every optimiser's first step goes; without it each
 *   has the rate that comes lowest
 */

/** Examples of the straight line, of which a batch takes some. */
export const EXAMPLES = 32;
export const BATCH_SIZES = [1, 4, EXAMPLES];
/** The seed of the straight line's examples and of their order. */
export const SEED = 1;

/** @type {Surface[]} */
export const SURFACES = [
  { name: "ravine", parameters: ["p", "q"], from: [-10, -5], to: [10, 5], start: [-7, 2], steps: 100 },
  {
    name: "regression",
    parameters: ["slope w", "intercept b"],
    from: [-2, -3],
    to: [4, 2],
    start: [-1.4, 1.4],
    steps: 120,
  },
  { name: "saddle", parameters: ["p", "q"], from: [-2, -2], to: [2, 2], start: [1.7, 0.01], steps: 60, firstStep: 0.2 },
  { name: "beale", parameters: ["p", "q"], from: [-0.5, -2], to: [4.5, 2], start: [0.8, 1.5], steps: 200 },
  { name: "rosenbrock", parameters: ["p", "q"], from: [-2, -1], to: [2, 2.5], start: [-1.2, 1], steps: 400 },
];

/** Learning rates on the straight line's error at which one example at a time comes near the minimum. @type {Record<string, number>} */
export const BATCH_RATES = { sgd: 0.1, momentum: 0.02, adagrad: 0.6, rmsprop: 0.06, adam: 0.15, adamax: 0.3 };

/** The learning rates that are tried: 20 for each power of ten. */
const TRIED = Array.from({ length: 81 }, (_, index) => Number((10 ** (index / 20 - 3)).toPrecision(2)));
/** A path is judged by the highest error of its last steps, so that none wins by passing the minimum at the right moment. */
const JUDGED = 0.1;
/** A path whose error is that many times its start's goes nowhere. */
const DIVERGED = 1000;

/** Every optimiser's learning rate on a surface, as {@link chosenRates} found it. @param {SurfaceName} name @returns {Record<string, number>} */
export const ratesOn = (name) => rates[name];

/** What the engine calls a surface. @param {Surface} surface @param {number} [seed] */
export const described = ({ name }, seed = SEED) =>
  name === "regression" ? { name, examples: EXAMPLES, seed } : { name };

/**
 * Both parameters and the error after every step, the start first.
 *
 * @param {AnyEngine} engine
 * @param {Surface} surface
 * @param {object} options
 * @param {Optimizer} options.optimizer
 * @param {number} options.rate
 * @param {number} [options.batchSize]
 * @param {[number, number]} [options.start]
 * @param {number} [options.seed]
 * @returns {Promise<Float32Array>}
 */
export async function descend(engine, surface, { optimizer, rate, batchSize = EXAMPLES, start, seed = SEED }) {
  return engine.surfacePath({
    surface: described(surface, seed),
    optimizer: kerasOptimizer(optimizer, rate),
    start: start ?? surface.start,
    steps: surface.steps,
    batchSize,
    seed,
  });
}

/** The error after every step. @param {Float32Array} points */
export const errorsOf = (points) => Array.from(points.filter((_, index) => index % 3 === 2));

/** Whether a path of so many steps has gone where numbers end, or is on its way there. @param {number[]} errors @param {number} steps */
export const diverges = (errors, steps) => errors.length <= steps || errors[errors.length - 1] > DIVERGED * errors[0];

/** Whether a point lies in what is shown. @param {Pick<Surface, "from" | "to">} surface @param {number} p @param {number} q */
export const isShown = ({ from, to }, p, q) => p >= from[0] && p <= to[0] && q >= from[1] && q <= to[1];

/** The highest error of a path's last steps, by which it is judged. @param {number[]} errors */
export const judged = (errors) => Math.max(...errors.slice(-Math.round(JUDGED * errors.length)));

/**
 * Each optimiser's learning rate on a surface: the one of those tried that comes lowest without leaving what is shown;
 * or where the surface asks for it, the one whose first step is equally long for all.
 *
 * @param {AnyEngine} engine
 * @param {Surface} surface
 */
export async function chosenRates(engine, surface) {
  const chosen = OPTIMIZERS.map(async (optimizer) => {
    const rate = surface.firstStep
      ? await rateOfStep(engine, surface, optimizer, surface.firstStep)
      : await lowestRate(engine, surface, optimizer);
    return [optimizer.name, rate];
  });
  return Object.fromEntries(await Promise.all(chosen));
}

/** Of rates that come equally low, the one whose errors are lower on the way. @param {AnyEngine} engine @param {Surface} surface @param {Optimizer} optimizer */
async function lowestRate(engine, surface, optimizer) {
  let best = { rate: NaN, end: Infinity, mean: Infinity };
  for (const rate of TRIED) {
    const points = await descend(engine, surface, { optimizer, rate });
    const errors = errorsOf(points);
    const stays = errors.every((_, step) => isShown(surface, points[3 * step], points[3 * step + 1]));
    if (!stays || diverges(errors, surface.steps)) continue;
    const end = Number(judged(errors).toPrecision(2));
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    if (end < best.end || (end === best.end && mean < best.mean)) best = { rate, end, mean };
  }
  return best.rate;
}

/** A first step is as long as its learning rate says. @param {AnyEngine} engine @param {Surface} surface @param {Optimizer} optimizer @param {number} length */
async function rateOfStep(engine, surface, optimizer, length) {
  const points = await descend(engine, { ...surface, steps: 1 }, { optimizer, rate: 1 });
  return Number((length / Math.abs(points[3] - points[0])).toPrecision(2));
}
