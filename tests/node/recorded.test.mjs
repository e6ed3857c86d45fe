// The runs that views open with, and the learning rates beside them, show what these views claim of them. Whether other
// seeds do too takes minutes: cargo xtask experiments.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { test } from "node:test";

const views = new URL("../../web/views/", import.meta.url);
const recorded = (await readdir(views)).filter((name) => existsSync(new URL(`${name}/recorded.json`, views)));

test("the views with recorded runs are found", () => {
  for (const name of ["activations", "overfitting", "race"]) assert.ok(recorded.includes(name), name);
});

for (const name of recorded) {
  test(`${name}: what was recorded holds every claim`, async () => {
    const { claims } = await import(new URL(`${name}/claims.js`, views));
    const { default: result } = await import(new URL(`${name}/recorded.json`, views), { with: { type: "json" } });
    assert.ok(claims.length > 0);
    for (const { says, holds } of claims) assert.ok(holds(result), says);
  });
}
