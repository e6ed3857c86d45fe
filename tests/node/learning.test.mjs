// What experiments measure: gradients, comparable losses, and the search for a learning rate.
import assert from "node:assert/strict";
import { test } from "node:test";
import { kerasOptimizer, optimizerNamed } from "../../web/runs/optimizers.js";
import { Comparable } from "../../web/training/comparable.js";
import { Curve, thinned } from "../../web/training/curve.js";
import { GradientProbe } from "../../web/training/gradients.js";
import { searchedRate } from "../../web/training/rate-search.js";
import { nodeEngine } from "../experiments/engine.mjs";

const LOSS = "sparse_categorical_crossentropy";
const config = (regularizer = null) => ({
  class_name: "Sequential",
  config: {
    layers: [
      { class_name: "InputLayer", config: { batch_shape: [null, 2, 2, 1] } },
      { class_name: "Flatten", config: { name: "flatten" } },
      {
        class_name: "Dense",
        config: { name: "dense", units: 3, activation: "softmax", kernel_regularizer: regularizer },
      },
    ],
  },
});
const examples = {
  shape: [2, 2, 1],
  pixels: Uint8Array.of(255, 0, 51, 102, 0, 204, 153, 255),
  labels: Uint8Array.of(0, 2),
};

test("the gradient that is read from a step is the one that the formula gives, however small", async () => {
  const engine = await nodeEngine();
  const model = await engine.Model.fromConfig(config(), { seed: 1 });
  const settings = { descent: kerasOptimizer(optimizerNamed("sgd"), 1), loss: LOSS };
  const probe = await GradientProbe.for(engine, config(), examples, settings);
  for (const scale of [1, 1e-6]) {
    const pixels = Float32Array.from(examples.pixels, (byte) => (scale * byte) / 255);
    const probabilities = await model.predict(pixels);
    // Softmax with cross-entropy: the mean over the examples of x · (p − y).
    const gradient = Array.from({ length: 4 * 3 }, (_, index) => {
      const [input, output] = [Math.floor(index / 3), index % 3];
      const each = Array.from(examples.labels, (label, example) => {
        const error = probabilities[3 * example + output] - (label === output ? 1 : 0);
        return pixels[4 * example + input] * error;
      });
      return (each[0] + each[1]) / 2;
    });
    const expected = gradient.reduce((sum, value) => sum + Math.abs(value), 0) / gradient.length;
    const small = { ...examples, pixels: Float32Array.from(examples.pixels, (byte) => scale * byte) };
    const scaled = scale === 1 ? probe : await GradientProbe.for(engine, config(), small, settings);
    const [found] = await scaled.sizes(await model.flatWeights());
    assert.ok(Math.abs(found / expected - 1) < 1e-4, `${found}, not ${expected}`);
  }
});

test("a comparable loss has no penalty in it, on training and validation examples alike", async () => {
  const engine = await nodeEngine();
  const penalized = config({ class_name: "L2", config: { l2: 0.5 } });
  const model = await engine.Model.fromConfig(penalized, { seed: 1 });
  await model.compile({ optimizer: "sgd", loss: LOSS });
  const comparable = await Comparable.of(engine, config(), { training: examples, validation: examples }, LOSS);
  const { loss, valLoss } = await comparable.measure(await model.toSafetensors());
  const x = Float32Array.from(examples.pixels, (byte) => byte / 255);
  const probabilities = await model.predict(x);
  const expected = -(Math.log(probabilities[0]) + Math.log(probabilities[5])) / 2;
  assert.ok(Math.abs(loss - expected) < 1e-6 && valLoss === loss, `${loss}, not ${expected}`);
  const reported = await model.evaluate(x, Uint16Array.from(examples.labels));
  assert.ok(reported.loss > loss + 0.01, "what the model itself reports has the penalty in it");
});

test("the search for a learning rate ends at one that is better than its neighbours, and leaves those that diverge", async () => {
  const tried = [];
  const loss = async (rate) => {
    tried.push(rate);
    return rate > 0.2 ? NaN : Math.abs(Math.log(rate / 0.01));
  };
  assert.equal(await searchedRate(0.05, loss), 0.01);
  assert.equal(await searchedRate(1, loss), 0.01);
  assert.equal(new Set(tried).size, 8);
  await assert.rejects(searchedRate(0.03, loss), /the search begins at one of/);
});

test("a thinned curve has the same course in fewer points", () => {
  const curve = new Curve();
  for (let step = 1; step <= 1000; step++) curve.add({ step, seconds: step, loss: step, accuracy: 0 });
  const { stride, steps, loss } = thinned(curve.points, 256);
  assert.deepEqual([stride, steps.length, steps[0]], [4, 250, 4]);
  assert.deepEqual(loss.slice(0, 2), [2.5, 6.5]);
});
