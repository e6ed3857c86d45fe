// What the view of error surfaces says of its pictures holds, and AdaGrad's rates are right.
import assert from "node:assert/strict";
import { test } from "node:test";
import { adagradRates } from "../../web/views/error-surface/adagrad-rates.js";
import { claims, measure } from "../../web/views/error-surface/claims.js";
import { linearTicks, logarithmicTicks } from "../../web/views/error-surface/ticks.js";
import { nodeEngine } from "../experiments/engine.mjs";

test("every claim of the error surfaces holds on three seeds", async () => {
  const engine = await nodeEngine();
  for (const seed of [0, 1, 2]) {
    const result = await measure({ engine, seed });
    for (const { says, holds } of claims) assert.ok(holds(result), `seed ${seed}: ${says}`);
  }
});

test("AdaGrad's rates read from a path are the rate by the root of all squared gradients", () => {
  const [rate, places, expected] = [0.5, [3], [0.5 / Math.sqrt(0.1)]];
  let sum = 0.1;
  for (let step = 0; step < 50; step++) {
    const gradient = 2 * places[step];
    sum += gradient ** 2;
    places.push(places[step] - (rate * gradient) / Math.sqrt(sum));
    expected.push(rate / Math.sqrt(sum));
  }
  for (const [step, found] of adagradRates(places, rate).entries())
    assert.ok(Math.abs(found / expected[step] - 1) < 1e-9, `step ${step}: ${found}, not ${expected[step]}`);
});

test("an axis has round numbers, a logarithmic one powers of ten", () => {
  assert.deepEqual(
    linearTicks(-10, 10).map(({ text }) => text),
    ["−10", "−5", "0", "5", "10"],
  );
  assert.deepEqual(
    logarithmicTicks(1e-5, 10).map(({ text }) => text),
    ["10⁻⁵", "10⁻⁴", "0.001", "0.01", "0.1", "1", "10"],
  );
  assert.deepEqual(
    logarithmicTicks(0.1, 1).map(({ text, at }) => [text, Number(at.toFixed(2))]),
    [
      ["0.1", 0],
      ["0.2", 0.3],
      ["0.5", 0.7],
      ["1", 1],
    ],
  );
});
