// The errors over a plane through a network's weights, where the answer is known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { errorsOver } from "../../web/training/plane.js";

test("the grid gets finer, and no point is computed twice", async () => {
  const asked = new Set();
  const bowl = async (p, q) => {
    assert.ok(!asked.has(`${p},${q}`), "asked twice");
    asked.add(`${p},${q}`);
    return p * p + q * q;
  };
  const sides = [];
  for await (const { values, columns } of errorsOver({ from: [-1, -1], to: [1, 1] }, bowl, 2)) {
    sides.push(columns);
    assert.equal(values[(columns * columns - 1) / 2], 0);
    assert.equal(values[0], 2);
  }
  assert.deepEqual(sides, [5, 9, 17]);
});
