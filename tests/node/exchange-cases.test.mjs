// Descriptions that people had trouble with elsewhere, read as files and answered by the built engine.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readModel } from "../../web/exchange/read.js";

const wasm = new URL("../../target/web/", import.meta.url);
const { provideFiles, loadEngine } = await import(new URL("engine.mjs", wasm));
provideFiles((name) => new Uint8Array(readFileSync(new URL(name, wasm))));
const { Model } = await loadEngine({ variant: "simd" });
const { cases } = JSON.parse(readFileSync(new URL("../vectors/keras-models.json", import.meta.url)));

for (const { id, config, weights, x, layer, expect } of cases) {
  test(`${id} gives the right values`, () => {
    const bytes = new TextEncoder().encode(JSON.stringify(config));
    const model = Model.fromConfig(readModel([{ name: "model.json", bytes }]).config, { seed: 1 });
    for (const [name, values] of Object.entries(weights))
      model.setWeights(name, Float32Array.from([values].flat(Infinity)));
    const input = Float32Array.from(x);
    const found = layer ? model.featureMaps(input, layer).planes : model.predict(input);
    assert.equal(found.length, expect.length);
    expect.forEach((value, at) => assert.ok(Math.abs(value - found[at]) < 1e-5, `${found}, not ${expect}`));
    model.free();
  });
}
