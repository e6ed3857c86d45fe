// This engine, in the page's own thread.
import { description, examples, initialWeights, inputShape, optimizer } from "../workloads.mjs";
import { writeSafetensors } from "../safetensors.mjs";

const kilobyte = 1024;

/** @type {import("./page.mjs").Load} */
export async function load({ site, variant, workload, batch, placement = 0 }) {
  const { loadEngine } = await import(`${site}convscope.js`);
  const engine = await loadEngine({ variant });
  // The pixels of a data set lie in the engine's memory as long as somebody has it; what comes next lies behind them.
  const before =
    placement &&
    new engine.Dataset(new Uint8Array(placement * kilobyte), new Uint8Array(placement), { shape: [kilobyte, 1, 1] });
  const model = engine.Model.fromConfig(description(workload), { seed: 1 });
  model.loadSafetensors(writeSafetensors(initialWeights(workload)));
  const { pixels, labels, x } = examples(workload, batch);
  return {
    parameters: model.summary().params,
    train: trainer(),
    infer: () => model.predict(x),
    before,
  };

  function trainer() {
    if (!workload.batches.train) return undefined;
    model.compile({ optimizer: { class_name: "SGD", config: optimizer }, loss: "sparse_categorical_crossentropy" });
    const data = new engine.Dataset(pixels, labels, { shape: inputShape(workload) });
    const indices = Uint32Array.from(labels, (_, index) => index);
    return () => model.trainStep(data, indices).loss;
  }
}
