// What a caller passes to the engine, before it goes anywhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { count, floats, floatsOr, optional, or, pair, record, strokes } from "../../web/engine/checks.js";

const options = record({ batchSize: or(count, 32), steps: optional(count), start: optional(pair) });

const refusal = (work) => {
  try {
    work();
  } catch ({ code, message }) {
    return [code, message];
  }
  return assert.fail("it was accepted");
};

test("what is left out is what it says it is", () => {
  assert.deepEqual(options(undefined, "options"), { batchSize: 32, steps: undefined, start: undefined });
  assert.deepEqual(options({ steps: 3 }, "options"), { batchSize: 32, steps: 3, start: undefined });
});

test("an unknown option is refused with the nearest known one, or with all", () => {
  const unknown = (given) => refusal(() => options(given, "options"));
  assert.deepEqual(unknown({ batchsize: 3 }), [
    "type",
    "batchsize: options has no such property; did you mean batchSize?",
  ]);
  assert.deepEqual(unknown({ step: undefined }), ["type", "step: options has no such property; did you mean steps?"]);
  assert.deepEqual(unknown({ epochs: 3 }), [
    "type",
    "epochs: options has no such property; it can have batchSize, steps, start",
  ]);
  assert.equal(unknown({ toString: 1 })[0], "type");
  const [code, message] = unknown({ ["x".repeat(1e6)]: 1 });
  assert.deepEqual([code, message.length <= 1000], ["type", true]);
});

test("a wrong value is refused by its own name", () => {
  assert.deepEqual(
    refusal(() => options({ steps: 0.5 }, "options")),
    ["type", "steps: needs a whole number from 1 to 4294967295, got the number 0.5"],
  );
  assert.deepEqual(
    refusal(() => options({ start: [1, NaN] }, "options")),
    ["type", "start[1]: needs a finite number, got the number NaN"],
  );
  assert.deepEqual(
    refusal(() => options(null, "options")),
    ["type", "options: needs an object, got null"],
  );
});

test("numbers or a description of them", () => {
  const x = floatsOr(record({ strokes }));
  const numbers = new Float32Array(2);
  assert.deepEqual(x(numbers, "x"), numbers);
  const { points, lengths } = x(
    {
      strokes: [
        [[0, 1]],
        [],
        [
          [2, 3],
          [4, 5],
        ],
      ],
    },
    "x",
  ).strokes;
  assert.deepEqual([...points], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...lengths], [1, 0, 2]);
  assert.deepEqual(
    refusal(() => x([0, 1], "x")),
    ["type", "x: needs a Float32Array or an object, got an object (Array)"],
  );
  assert.equal(refusal(() => floats([1], "x"))[0], "type");
});
