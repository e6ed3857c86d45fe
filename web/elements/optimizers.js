// The optimisers of the lecture as Keras has them, each with a colour and a dash of its own.

import { css } from "lit";

/** @typedef {"sgd" | "momentum" | "adagrad" | "rmsprop" | "adam"} OptimizerName */
/**
 * @typedef {object} Optimizer
 * @property {OptimizerName} name also the class of its lines
 * @property {string} title
 * @property {string} className Keras' name of the class
 * @property {Record<string, number>} config Keras' arguments beside the learning rate
 */

/** @type {Optimizer[]} */
export const OPTIMIZERS = [
  { name: "sgd", title: "SGD", className: "SGD", config: {} },
  { name: "momentum", title: "Momentum", className: "SGD", config: { momentum: 0.9 } },
  { name: "adagrad", title: "AdaGrad", className: "Adagrad", config: {} },
  { name: "rmsprop", title: "RMSprop", className: "RMSprop", config: {} },
  { name: "adam", title: "Adam", className: "Adam", config: {} },
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

/** Lines and swatches of the classes `line-0` to `line-4`: colours that differ for everyone (Okabe and Ito), and dashes. */
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
