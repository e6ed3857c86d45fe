// What the race says of its runners, as it can be checked.

import { first } from "../../data/split.js";
import { configOf } from "../../runs/quick-networks.js";
import { Race } from "../../training/race.js";
import { recorded } from "../../training/recorded.js";
import { searchedRate } from "../../training/rate-search.js";
import { DEFAULTS, SEED, entryOf, lanesOf } from "./experiment.js";

/** @typedef {import("../../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../../data/choice.js").DataSet} DataSet */
/** @typedef {import("../../training/recorded.js").ShownRun} ShownRun */
/** @typedef {import("./experiment.js").Lane} Lane */
/** @typedef {import("./experiment.js").Subject} Subject */
/** @typedef {{ engine: Engine, data: DataSet, seed: number }} Given */
/** @typedef {Record<string, ShownRun>} Runs by the names of the lanes */
/** @typedef {{ data: string, optimizers: Runs, batches: Runs, oneRate: Runs }} Result */

/** @type {Subject[]} */
const SUBJECTS = ["optimizers", "batches"];

/** Races to the end. @param {Given} given @param {Subject} subject @param {Lane[]} lanes @returns {Promise<Runs>} */
async function raced({ engine, data, seed }, subject, lanes) {
  const { network, count, epochs } = DEFAULTS[subject];
  const config = /** @type {object} */ (await configOf(undefined, network));
  const training = first(data.training, count);
  const entries = lanes.map((lane) => entryOf(lane, config, { examples: training.labels.length, epochs }));
  const race = new Race({ engine, seed, training, validation: data.validation, entries });
  await race.prepare();
  await race.start();
  const runs = Object.fromEntries(race.runners.map(({ name, run }) => [name, recorded(run)]));
  await race.close();
  return runs;
}

/** The races that the view opens with. @param {Given} given @returns {Promise<Result>} */
export async function measure(given) {
  return {
    data: given.data.title,
    optimizers: await raced(given, "optimizers", lanesOf("optimizers")),
    batches: await raced(given, "batches", lanesOf("batches")),
    oneRate: await raced(given, "batches", lanesOf("batches", true)),
  };
}

/** The lower, the faster a run has learnt: the mean of its epochs' training losses. @param {ShownRun} run */
export const slowness = ({ epochs, problem }) =>
  problem ? Infinity : epochs.reduce((sum, { loss }) => sum + loss, 0) / epochs.length;

/** The learning rate with which each runner learns fastest. @param {Omit<Given, "seed">} given */
export async function sweep(given) {
  /** @type {Record<string, Record<string, number>>} */
  const content = {};
  for (const subject of SUBJECTS) {
    content[subject] = {};
    for (const lane of lanesOf(subject)) {
      content[subject][lane.name] = await searchedRate(lane.rate, async (rate) => {
        const runs = await raced({ ...given, seed: SEED }, subject, [{ ...lane, rate }]);
        return slowness(runs[lane.name]);
      });
    }
  }
  return { file: "rates.json", content };
}

/** What the view shows before it has raced. @param {Result} result */
export const record = (result) => ({ file: "recorded.json", content: result });

/** @param {Result} result @returns {string[][]} */
export function figures({ optimizers, batches, oneRate }) {
  const row = (/** @type {Lane} */ lane, /** @type {ShownRun} */ { epochs, step, seconds, problem }) => [
    lane.title,
    String(lane.rate),
    String(step),
    epochs[0]?.loss.toFixed(3) ?? "–",
    epochs.at(-1)?.loss.toFixed(3) ?? "–",
    epochs.length ? `${(100 * epochs[epochs.length - 1].valAccuracy).toFixed(1)} %` : "–",
    seconds.toFixed(1),
    problem ? "diverges" : "",
  ];
  return [
    ["runner", "rate", "steps", "loss of epoch 1", "loss at the end", "validation accuracy", "seconds", ""],
    ...lanesOf("optimizers").map((lane) => row(lane, optimizers[lane.name])),
    ...lanesOf("batches").map((lane) => row(lane, batches[lane.name])),
    ...lanesOf("batches", true).map((lane) => row(lane, oneRate[lane.name])),
  ];
}

/** The part of the validation examples that a run reads rightly after an epoch, from 1. @param {ShownRun} run @param {number} epoch */
const accuracyAfter = ({ epochs }, epoch) => epochs[epoch - 1]?.valAccuracy ?? 0;
/** @param {ShownRun} run */
const perExample = ({ seconds, examplesSeen }) => seconds / examplesSeen;

/** @type {{ says: string, holds: (result: Result) => boolean }[]} */
export const claims = [
  {
    says: "optimisers: at its best rate each one learns, and none diverges",
    holds: ({ optimizers }) =>
      Object.values(optimizers).every((run) => !run.problem && accuracyAfter(run, DEFAULTS.optimizers.epochs) > 0.8),
  },
  {
    says: "optimisers: after the first epoch RMSprop, Adam and Adamax are ahead, by a quarter of the loss at least",
    holds({ optimizers }) {
      const loss = (/** @type {string} */ name) => optimizers[name].epochs[0].loss;
      const behind = Math.min(...["sgd", "momentum", "adagrad"].map(loss));
      return ["rmsprop", "adam", "adamax"].every((name) => loss(name) < 0.75 * behind);
    },
  },
  {
    says: "optimisers: by the last epoch all have a loss below 0.2, a twelfth of guessing",
    holds: ({ optimizers }) =>
      Object.values(optimizers).every(({ epochs }) => /** @type {number} */ (epochs.at(-1)?.loss) < 0.2),
  },
  {
    says: "optimisers: Momentum's best rate is a tenth of SGD's, since it sums some ten steps",
    holds() {
      const rate = (/** @type {string} */ one) => lanesOf("optimizers").find(({ name }) => name === one)?.rate ?? NaN;
      return Math.abs(rate("sgd") / rate("momentum") - 10) < 1e-6;
    },
  },
  {
    says: "batch sizes: the best learning rate grows with the batch, but by far less",
    holds() {
      const [one, some, all] = lanesOf("batches").map(({ rate }) => rate);
      return one < some && some <= all && all / one < DEFAULTS.batches.count / 10;
    },
  },
  {
    says: "batch sizes: after five passes over the examples B = 1 and B = 32 are close, and the whole set far behind",
    holds({ batches }) {
      const [one, some, all] = lanesOf("batches").map(({ name }) => accuracyAfter(batches[name], 5));
      return Math.abs(one - some) < 0.06 && Math.min(one, some) > all + 0.15;
    },
  },
  {
    says: "batch sizes: an example costs most time at B = 1",
    holds: ({ batches }) => perExample(batches[1]) > 1.1 * Math.max(perExample(batches[32]), perExample(batches.all)),
  },
  {
    says: "batch sizes, one rate for all: it is too large for one example, and too small for all",
    holds: ({ batches, oneRate }) =>
      slowness(oneRate[1]) > 1.5 * slowness(batches[1]) && slowness(oneRate.all) > 1.2 * slowness(batches.all),
  },
];
