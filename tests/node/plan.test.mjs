// Which step of a run takes what.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Plan } from "../../web/training/plan.js";

test("the steps of an epoch take each example once, and the last takes what is left", () => {
  const plan = new Plan(100, 16, 3);
  assert.equal(plan.totalSteps, 21);
  const batches = Array.from({ length: 14 }, (_, step) => plan.batchAt(step));
  assert.deepEqual(batches, [16, 16, 16, 16, 16, 16, 4, 16, 16, 16, 16, 16, 16, 4]);
  for (let steps = 0; steps <= 14; steps++) {
    const taken = batches.slice(0, steps).reduce((sum, examples) => sum + examples, 0);
    assert.equal(plan.examplesAfter(steps), taken);
    assert.equal(plan.stepsFor(taken), steps);
    if (taken > 0) assert.equal(plan.stepsFor(taken - 1), steps);
  }
});

test("a run stops at powers of two in its first epoch, and at the end of each", () => {
  const plan = new Plan(100, 16, 3);
  const stops = [0];
  while (stops.at(-1) < plan.totalSteps) stops.push(plan.stopAfter(stops.at(-1)));
  assert.deepEqual(stops, [0, 1, 2, 4, 7, 14, 21]);
});
