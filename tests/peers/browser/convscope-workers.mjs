// This engine in workers of its own, as many as `variant` says.
import { writeSafetensors } from "../safetensors.mjs";
import { description, examples, initialWeights, inputShape, optimizer } from "../workloads.mjs";

/** @type {import("./page.mjs").Load} */
export async function load({ site, variant, workload, batch }) {
  const { connectEngine } = await import(`${site}convscope.js`);
  const engine = await connectEngine({ variant: "relaxed", workers: Number(variant) });
  const model = await engine.Model.fromConfig(description(workload), { seed: 1 });
  await model.loadSafetensors(writeSafetensors(initialWeights(workload)));
  await model.compile({ optimizer: { class_name: "SGD", config: optimizer }, loss: "sparse_categorical_crossentropy" });
  const { pixels, labels } = examples(workload, batch);
  const data = await new engine.Dataset(pixels, labels, { shape: inputShape(workload) });
  const indices = Uint32Array.from(labels, (_, index) => index);
  const { params } = await model.summary();
  const step = () => model.trainStep(data, indices);
  let pending = step();
  return {
    parameters: params,
    /** The next step is asked for already, so that no worker waits for the page. */
    async train() {
      const current = pending;
      pending = step();
      return (await current).loss;
    },
    settled: () => pending,
  };
}
