// Examples on a map stand clear of each other; those that would not are dots.
import assert from "node:assert/strict";
import { test } from "node:test";
import { roomy } from "../../web/views/embedding/room.js";

const spots = Array.from({ length: 1000 }, (_, index) => ({
  x: (index * 7919) % 311,
  y: (index * 104729) % 293,
}));

test("no two that have room stand nearer than asked, and whoever is left out stands near one", () => {
  const found = roomy(spots, [], 10);
  assert.ok(found.length > 300 && found.length < 1000, String(found.length));
  const distance = (one, other) => Math.hypot(spots[one].x - spots[other].x, spots[one].y - spots[other].y);
  for (const one of found) for (const other of found) assert.ok(one === other || distance(one, other) >= 10);
  for (const index of spots.keys())
    assert.ok(
      found.some((one) => distance(one, index) < 10),
      String(index),
    );
});

test("those in front have room in any case", () => {
  const front = [999, 500, 0];
  const found = roomy(spots, front, 60);
  assert.deepEqual(found.slice(0, 3), front);
  assert.ok(roomy([spots[0], spots[0]], [0, 1], 10).length === 2);
});
