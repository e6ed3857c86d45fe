// The weights of a network as one vector.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";

export const tests = [
  {
    name: "plane: a model's weights are read and written as one vector",
    engines: OWN_CODE,
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      const { same, changed } = await browser.evaluate(async () => {
        const { WeightVector } = await import("/training/plane.js");
        const engine = await globalThis.kit.starts.worker({ variant: "simd" });
        const dense = { class_name: "Dense", config: { name: "dense", units: 2, activation: "softmax" } };
        const input = { class_name: "InputLayer", config: { batch_shape: [null, 3] } };
        const model = await engine.Model.fromConfig({ class_name: "Sequential", config: { layers: [input, dense] } });
        const vector = await WeightVector.of(model);
        await vector.write(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
        const { values } = await model.weights("dense/bias");
        return { same: [...(await vector.read())], changed: [...values] };
      });
      assert.deepEqual(same, [1, 2, 3, 4, 5, 6, 7, 8]);
      assert.deepEqual(changed, [7, 8]);
    },
  },
];
