// Runs inside a page: times every part of a training step, in a build that can repeat one part alone.
import { description, examples, initialWeights, inputShape, optimizer, workloadNamed } from "../workloads.mjs";
import { writeSafetensors } from "../safetensors.mjs";
import { load as loadPeak, operationsOfASpin } from "./peak.mjs";

/** Milliseconds; the clock counts tenths of them. */
const longEnough = 20;
/** Milliseconds in which a browser comes to compile in earnest what is done over and over. */
const warmUp = 400;

/**
 * @typedef {object} Part
 * @property {string | null} layer
 * @property {string} work
 * @property {number} multiplyAdds
 * @property {number[]} times  Milliseconds in each round.
 *
 * @typedef {object} Measured
 * @property {Part[]} parts
 * @property {number[]} step  Milliseconds of a whole step in each round.
 * @property {number[]} peak  Operations a millisecond in each round.
 */

/** @returns {Promise<Measured>}  With the parts only where the batch goes through the network at once. */
export async function measure(variant, name, batch, inParts, rounds) {
  const glue = await import(`/web-profile/convscope_wasm.js?${variant}`);
  await glue.default({ module_or_path: `/web-profile/convscope-${variant}.wasm` });
  const workload = workloadNamed(name);
  const { pixels, labels } = examples(workload, batch);
  const [height, width, channels] = inputShape(workload);
  const data = new glue.Dataset(pixels, labels, height, width, channels);
  const indices = Uint32Array.from(labels, (_, index) => index);
  const model = () => {
    const model = glue.Model.fromConfig(JSON.stringify(description(workload)), 1);
    model.loadSafetensors(writeSafetensors(initialWeights(workload)));
    const compile = { optimizer: { class_name: "SGD", config: optimizer }, loss: "sparse_categorical_crossentropy" };
    model.compile(JSON.stringify(compile));
    return model;
  };

  const trained = model();
  const trainStep = () => {
    trained.beginStep(glue.Batch.of(data, indices), 1);
    trained.takeStep();
  };
  const profile = inParts && new glue.Profile(model(), glue.Batch.of(data, indices));
  const parts = profile ? profile.parts().map((part) => ({ ...part, times: [] })) : [];
  const { spin } = await loadPeak({ variant });
  const works = [
    repeated((times) => repeat(times, trainStep)),
    repeated((times) => repeat(times, spin)),
    ...parts.map((_, part) => repeated((times) => profile.run(part, times))),
  ];
  const [step, peak, ...each] = works.map(() => []);
  for (let round = 0; round < rounds; round++) {
    works.forEach((work, index) => [step, peak, ...each][index].push(work()));
  }
  each.forEach((times, part) => parts[part].times.push(...times));
  return { parts, step, peak: peak.map((milliseconds) => operationsOfASpin / milliseconds) };
}

function repeat(times, work) {
  for (let time = 0; time < times; time++) work();
}

/** What measures the milliseconds that `work` takes once. */
function repeated(work) {
  let times = 1;
  const timed = () => {
    const start = performance.now();
    work(times);
    return performance.now() - start;
  };
  const start = performance.now();
  while (performance.now() - start < warmUp) work(1);
  while (timed() < longEnough) times *= 2;
  return () => timed() / times;
}
