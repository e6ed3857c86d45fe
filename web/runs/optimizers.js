// The optimisers of the lecture as Keras has them, each with a colour and a dash of its own.

import { css } from "lit";

/** @typedef {"sgd" | "momentum" | "adagrad" | "rmsprop" | "adam"} OptimizerName */
/**
 * @typedef {object} Optimizer
 * @property {OptimizerName} name also the class of its lines
 * @property {string} title
 * @property {string} className Keras' name of the class
 * @property {Record<string, number>} config Keras' arguments beside the learning rate that differ from their defaults
 * @property {Argument[]} arguments all that it has beside the learning rate
 */
/** @typedef {{ name: string, value: number | boolean, max: number }} Argument with Keras' default; NaN: None */

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
const ADAM = [
  { name: "beta_1", value: 0.9, max: 0.999999 },
  { name: "beta_2", value: 0.999, max: 0.999999 },
  EPSILON,
  { name: "amsgrad", value: false, max: 1 },
  ...COMMON,
];

/** @type {Optimizer[]} */
export const OPTIMIZERS = [
  { name: "sgd", title: "SGD", className: "SGD", config: {}, arguments: SGD },
  { name: "momentum", title: "Momentum", className: "SGD", config: { momentum: 0.9 }, arguments: SGD },
  { name: "adagrad", title: "AdaGrad", className: "Adagrad", config: {}, arguments: ADAGRAD },
  { name: "rmsprop", title: "RMSprop", className: "RMSprop", config: {}, arguments: RMSPROP },
  { name: "adam", title: "Adam", className: "Adam", config: {}, arguments: ADAM },
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

/**
 * Lines and swatches of the classes `line-0` to `line-4`: colours that differ for everyone (Okabe and Ito), and dashes.
 */
export const lineStyles = css`
  .line-0 {
    --line: light-dark(#15171a, #eceef0);
  }
  .line-1 {
    --line: light-dark(#0072b2, #56b4e9);
    --dash: 7 3;
  }
  .line-2 {
    --line: light-dark(#b34d00, #ff9d4d);
    --dash: 2 3;
  }
  .line-3 {
    --line: light-dark(#00795a, #2fc79f);
    --dash: 10 3 2 3;
  }
  .line-4 {
    --line: light-dark(#a3437a, #e59bc4);
    --dash: 4 2;
  }
  .line {
    fill: none;
    stroke: var(--line);
    stroke-width: 2;
    stroke-dasharray: var(--dash, none);
    stroke-linejoin: round;
    vector-effect: non-scaling-stroke;
  }
  .swatch {
    display: inline-block;
    width: 26px;
    height: 8px;
    vertical-align: middle;
  }
`;
