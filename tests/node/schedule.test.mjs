// Which examples the steps of `fit` take.
import assert from "node:assert/strict";
import { test } from "node:test";
import { batchesOf } from "../../web/engine/schedule.js";

/** A data set of ten examples, which notes the orders that it is asked for: here each begins at its epoch's number. */
function examples() {
  const asked = [];
  const order = (seed, epoch) => {
    asked.push([seed, epoch]);
    return Uint32Array.from({ length: 10 }, (_, index) => (index + epoch) % 10);
  };
  return { data: { length: 10, order }, asked };
}

/** The bindings, whose batches here are an epoch's number and the indices. */
const glue = {
  Augmentation: class {
    of = (epoch) => epoch;
  },
  Batch: { of: (_, indices, epoch) => [epoch, ...indices] },
};

const batches = (data, steps, options) =>
  Array.from(batchesOf({ steps }, data, { ...options, augmentation: {} }, glue));

test("an epoch takes each example once, its last batch is smaller, and the next has an order of its own", () => {
  const { data, asked } = examples();
  assert.deepEqual(batches(data, 0, { batchSize: 4, seed: 7, steps: 4 }), [
    [0, 0, 1, 2, 3],
    [0, 4, 5, 6, 7],
    [0, 8, 9],
    [1, 1, 2, 3, 4],
  ]);
  assert.deepEqual(asked, [
    [7, 0],
    [7, 1],
  ]);
});

test("portions of steps take the same batches as all at once", () => {
  const { data } = examples();
  const plan = { batchSize: 3, seed: 1 };
  const whole = batches(data, 0, { ...plan, until: 9 });
  const portions = [0, 2, 4, 6, 8].flatMap((first) => batches(data, first, { ...plan, steps: 2, until: 9 }));
  assert.deepEqual(portions, whole);
});

test("when there is no time, one step is taken", () => {
  const { data } = examples();
  assert.equal(batches(data, 5, { batchSize: 2, seed: 1, milliseconds: 0 }).length, 1);
});

test("a batch larger than the set is the set", () => {
  const { data } = examples();
  assert.equal(batches(data, 0, { batchSize: 64, seed: 1, steps: 1 })[0].length, 1 + 10);
});
