// This engine, in the page's own thread.
import { description, examples, initialWeights, inputShape, optimizer } from "../workloads.mjs";
import { writeSafetensors } from "../safetensors.mjs";

/** @type {import("./page.mjs").Load} */
export async function load({ site, variant, workload, batch }) {
  const { loadEngine } = await import(`${site}convscope.js`);
  const engine = await loadEngine({ variant });
  const model = engine.Model.fromConfig(description(workload), { seed: 1 });
  model.loadSafetensors(writeSafetensors(initialWeights(workload)));
  const { pixels, labels, x } = examples(workload, batch);
  return {
    parameters: model.summary().params,
    train: trainer(),
    infer: () => model.predict(x),
  };

  function trainer() {
    if (!workload.batches.train) return undefined;
    model.compile({ optimizer: { class_name: "SGD", config: optimizer }, loss: "sparse_categorical_crossentropy" });
    const data = new engine.Dataset(pixels, labels, { shape: inputShape(workload) });
    const indices = Uint32Array.from(labels, (_, index) => index);
    return () => model.trainStep(data, indices).loss;
  }
}
