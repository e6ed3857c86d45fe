// The plane through a network's weights, where the answer is known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WeightPath, errorsOver, frameAround, weightsAt } from "../../web/training/plane.js";

/** Points of three weights along two known directions: (3, 0, 4)/5 with much variance, (0, 1, 0) with little. */
const known = [
  [-4, 1],
  [-1, -2],
  [1, -2],
  [4, 1],
  [0, 2],
].map(([a, b]) => Float32Array.of(1 + 0.6 * a, 2 + b, 3 + 0.8 * a));

test("the main directions of a path are found, with its variance and its places", async () => {
  const path = new WeightPath();
  for (const point of known) path.add(point);
  const plane = path.plane();
  const [first, second] = plane.directions.map((direction) => Array.from(direction, (value) => Math.abs(value)));
  for (const [index, value] of [0.6, 0, 0.8].entries()) assert.ok(Math.abs(first[index] - value) < 1e-5, `${first}`);
  assert.ok(second[1] > 1 - 1e-6, `${second}`);
  assert.ok(Math.abs(plane.explained[0] + plane.explained[1] - 1) < 1e-6);
  assert.ok(Math.abs(plane.explained[0] - 34 / 48) < 1e-6 && plane.places[0][0] < 0);
  // Three weights on a plane: nothing is lost.
  for (const [index, [p, q]] of plane.places.entries()) {
    weightsAt(plane, p, q).forEach((value, at) => assert.ok(Math.abs(value - known[index][at]) < 1e-5));
  }
  const { from, to } = frameAround(plane.places);
  assert.ok(plane.places.every((place) => place.every((value, axis) => value > from[axis] && value < to[axis])));
});

test("a path on a line has none", async () => {
  const path = new WeightPath();
  for (const step of [0, 1, 2, 5]) path.add(Float32Array.of(step, 2 * step));
  assert.equal(path.plane(), undefined);
});

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
