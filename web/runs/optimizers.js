// The optimisers of the lecture as Keras has them. A row is all that the page knows of one.

/**
 * @typedef {object} Optimizer
 * @property {string} name
 * @property {string} title
 * @property {string} className Keras' name of the class
 * @property {Record<string, number>} config Keras' arguments beside the learning rate that differ from their defaults
 * @property {Argument[]} arguments all that it has beside the learning rate
 * @property {number} line how its line is drawn, of `lines.js`
 * @property {Rates} rates at which it shows what is typical of it
 */
/** @typedef {{ name: string, value: number | boolean, max: number }} Argument with Keras' default; NaN: None */
/**
 * @typedef {Record<"training" | "race" | "plane", number>} Rates learning rates: where a network is trained on images
 *   like MNIST's by a rate that falls (not Keras' defaults, with which SGD would hardly move); where common networks
 *   race to their first digits; of the small network whose weights are shown on a plane
 */

const EPSILON = { name: "epsilon", value: 1e-7, max: 1 };
/** What every optimiser has. */
const COMMON = [
  { name: "weight_decay", value: 0, max: 1 },
  ...["clipnorm", "clipvalue", "global_clipnorm"].map((name) => ({ name, value: NaN, max: 1e30 })),
];
const SGD = [{ name: "momentum", value: 0, max: 1 }, { name: "nesterov", value: false, max: 1 }, ...COMMON];
const ADAGRAD = [{ name: "initial_accumulator_value", value: 0.1, max: 1e30 }, EPSILON, ...COMMON];
const RMSPROP = [
  { name: "rho", value: 0.9, max: 1 },
  { name: "momentum", value: 0, max: 1 },
  EPSILON,
  { name: "centered", value: false, max: 1 },
  ...COMMON,
];
const BETAS = [
  { name: "beta_1", value: 0.9, max: 0.999999 },
  { name: "beta_2", value: 0.999, max: 0.999999 },
];
const ADAM = [...BETAS, EPSILON, { name: "amsgrad", value: false, max: 1 }, ...COMMON];
const ADAMAX = [...BETAS, EPSILON, ...COMMON];

/** @type {Optimizer[]} */
export const OPTIMIZERS = [
  {
    name: "sgd",
    title: "SGD",
    className: "SGD",
    config: {},
    arguments: SGD,
    line: 0,
    rates: { training: 0.05, race: 0.05, plane: 0.1 },
  },
  {
    name: "momentum",
    title: "Momentum",
    className: "SGD",
    config: { momentum: 0.9 },
    arguments: SGD,
    line: 1,
    rates: { training: 0.02, race: 0.02, plane: 0.02 },
  },
  {
    name: "adagrad",
    title: "AdaGrad",
    className: "Adagrad",
    config: {},
    arguments: ADAGRAD,
    line: 2,
    rates: { training: 0.02, race: 0.02, plane: 0.02 },
  },
  {
    name: "rmsprop",
    title: "RMSprop",
    className: "RMSprop",
    config: {},
    arguments: RMSPROP,
    line: 3,
    rates: { training: 0.001, race: 0.001, plane: 0.002 },
  },
  {
    name: "adam",
    title: "Adam",
    className: "Adam",
    config: {},
    arguments: ADAM,
    line: 4,
    rates: { training: 0.002, race: 0.001, plane: 0.002 },
  },
  {
    name: "adamax",
    title: "Adamax",
    className: "Adamax",
    config: {},
    arguments: ADAMAX,
    line: 5,
    rates: { training: 0.004, race: 0.002, plane: 0.004 },
  },
];

/** @param {string} name */
export const optimizerNamed = (name) => OPTIMIZERS.find((optimizer) => optimizer.name === name) ?? OPTIMIZERS[0];

/**
 * What `compile` and `surfacePath` take.
 * @param {Optimizer} optimizer
 * @param {number} rate
 */
export const kerasOptimizer = ({ className, config }, rate) => ({
  class_name: className,
  config: { learning_rate: rate, ...config },
});
