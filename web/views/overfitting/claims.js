// What the view of overfitting says of its runs, as it can be checked.

import { first } from "../../data/split.js";
import { configOf } from "../../runs/quick-networks.js";
import { DEFAULTS, REMEDIES, Trial, VALIDATION, bestEpoch } from "./experiment.js";

/** @typedef {import("./experiment.js").Epoch} Epoch */
/** @typedef {import("./experiment.js").Remedy} Remedy */
/** @typedef {import("./comparison.js").Came & { remedies: Remedy[] }} Came */
/** @typedef {{ data: string, runs: Came[] }} Result none of the remedies first, then one after the other */

/**
 * The run that the view opens with, and one for each remedy.
 * @param {{ engine: import("../../convscope.js").RemoteEngine, data: import("../../data/choice.js").DataSet, seed: number }} given
 * @returns {Promise<Result>}
 */
export async function measure({ engine, data, seed }) {
  const network = /** @type {import("../../convscope.js").KerasConfig} */ (await configOf(undefined, DEFAULTS.network));
  const examples = { training: first(data.training, DEFAULTS.count), validation: first(data.validation, VALIDATION) };
  /** @type {Came[]} */
  const runs = [];
  for (const remedies of [[], ...REMEDIES.map((remedy) => [remedy])]) {
    const trial = await Trial.of(engine, network, examples, { ...DEFAULTS, seed, remedies: new Set(remedies) });
    await trial.run.start();
    await trial.measured();
    const { epochs, ...came } = trial.came;
    runs.push({ remedies, epochs: epochs.map(rounded), ...came });
    await trial.close();
  }
  return { data: data.title, runs };
}

/** Four digits are more than is shown. @param {Epoch} epoch @returns {Epoch} */
const rounded = (epoch) =>
  /** @type {Epoch} */ (
    Object.fromEntries(Object.entries(epoch).map(([name, value]) => [name, Number(value.toPrecision(4))]))
  );

/** What the view shows before it has learnt. @param {Result} result */
export const record = (result) => ({ file: "recorded.json", content: result });

/** The network that a run leaves. @param {Came} run */
const end = ({ epochs, restored }) => epochs[(restored ?? epochs.length) - 1];
/** @param {Came} run */
const best = ({ epochs }) => epochs[bestEpoch(epochs) - 1];
/** @param {Epoch} epoch */
const gap = ({ loss, valLoss }) => valLoss - loss;
/** @param {Result} result */
const named = ({ runs: [none, stops, l2, dropout, augments] }) => ({ none, stops, l2, dropout, augments });

/** @param {Result} result @returns {string[][]} */
export function figures({ runs }) {
  return [
    [
      "remedy",
      "epochs",
      "network of epoch",
      "training loss",
      "validation loss",
      "gap",
      "penalty",
      "accuracy",
      "lowest (epoch)",
      "its accuracy",
    ],
    ...runs.map((run) => {
      const [last, lowest] = [end(run), best(run)];
      return [
        run.remedies.join() || "none",
        String(run.epochs.length),
        String(run.restored ?? run.epochs.length),
        last.loss.toFixed(3),
        last.valLoss.toFixed(3),
        gap(last).toFixed(3),
        last.penalty.toFixed(3),
        `${(100 * last.valAccuracy).toFixed(1)} %`,
        `${lowest.valLoss.toFixed(3)} (${bestEpoch(run.epochs)})`,
        `${(100 * lowest.valAccuracy).toFixed(1)} %`,
      ];
    }),
  ];
}

/** @type {{ says: string, holds: (result: Result) => boolean }[]} */
export const claims = [
  {
    says: "no remedy: the training digits are memorised, and the validation loss turns and rises by a fifth at least",
    holds(result) {
      const { none } = named(result);
      return end(none).loss < 0.02 && end(none).accuracy === 1 && end(none).valLoss > 1.2 * best(none).valLoss;
    },
  },
  {
    says: "no remedy: while the validation loss rises, the validation accuracy stays within 3 points",
    holds(result) {
      const { none } = named(result);
      return Math.abs(end(none).valAccuracy - best(none).valAccuracy) < 0.03;
    },
  },
  {
    says: "early stopping: leaves the network of its best epoch, with a smaller gap and a lower validation loss than no remedy",
    holds(result) {
      const { none, stops } = named(result);
      return stops.restored !== undefined && gap(end(stops)) < gap(end(none)) && end(stops).valLoss < end(none).valLoss;
    },
  },
  {
    says: "L2: a validation loss lower in the end than without, by a twentieth at least; the lowest hardly changes",
    holds(result) {
      const { none, l2 } = named(result);
      return end(l2).valLoss < 0.95 * end(none).valLoss && Math.abs(best(l2).valLoss / best(none).valLoss - 1) < 0.1;
    },
  },
  {
    says: "dropout: a validation loss lower in the end than without, by a tenth at least, and a training loss a little higher",
    holds(result) {
      const { none, dropout } = named(result);
      return end(dropout).valLoss < 0.9 * end(none).valLoss && end(dropout).loss > end(none).loss;
    },
  },
  {
    says: "augmentation: the lowest validation loss and the highest validation accuracy of all",
    holds(result) {
      const { augments, ...others } = named(result);
      return Object.values(others).every(
        (run) => end(augments).valLoss < end(run).valLoss && end(augments).valAccuracy > end(run).valAccuracy,
      );
    },
  },
];
