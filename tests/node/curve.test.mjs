// The curve of a run: in bounded memory, back to any step, and smoothed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Curve, runningMean } from "../../web/training/curve.js";

/** A curve of so many steps, whose loss is the step and whose accuracy its half. */
function curveOf(steps) {
  const curve = new Curve();
  for (let step = 1; step <= steps; step++) curve.add({ step, seconds: step / 10, loss: step, accuracy: step / 2 });
  return curve;
}

test("a long curve keeps bounded points, each the mean of equally many steps", () => {
  const { stride, steps, loss, accuracy, seconds } = curveOf(10_000);
  assert.ok(steps.length <= 2048 && steps.length > 1000, `${steps.length} points`);
  assert.equal(stride, 8);
  for (const [index, step] of steps.entries()) {
    assert.equal(step, (index + 1) * stride);
    assert.equal(loss[index], step - (stride - 1) / 2);
    assert.equal(accuracy[index], loss[index] / 2);
  }
  assert.equal(seconds.length, steps.length);
});

test("a curve that is cut goes on from that step", () => {
  const curve = curveOf(100);
  curve.cut(60);
  assert.deepEqual([curve.steps.at(-1), curve.loss.length], [60, 60]);
  curve.add({ step: 61, seconds: 7, loss: 1, accuracy: 1 });
  assert.deepEqual([curve.steps.at(-1), curve.loss.at(-1)], [61, 1]);
});

test("points that were written down make the same curve", () => {
  const curve = new Curve();
  curve.points = structuredClone(curveOf(5000).points);
  assert.deepEqual(curve.points, curveOf(5000).points);
});

test("a smoothed value is the mean with those before it", () => {
  assert.deepEqual(runningMean([1, 2, 3, 4, 5], 2), [1, 1.5, 2.5, 3.5, 4.5]);
  assert.deepEqual(runningMean([2, 4], 10), [2, 3]);
});
