// The built engine opens what was read, and gives the same numbers as layers in textbook loops.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { graphOf } from "../../web/exchange/graph.js";
import { readModel } from "../../web/exchange/read.js";
import { writeModel } from "../../web/exchange/safetensors.js";
import { file } from "../exchange/files.mjs";
import { predict } from "../exchange/reference.mjs";

const wasm = new URL("../../target/web/", import.meta.url);
const { provideFiles, loadEngine } = await import(new URL("engine.mjs", wasm));
provideFiles((name) => new Uint8Array(readFileSync(new URL(name, wasm))));
const { Model } = await loadEngine({ variant: "simd" });

const TFJS = ["tfjs/model.json", "tfjs/group1-shard1of2.bin", "tfjs/group1-shard2of2.bin"];
for (const names of [["keras2.h5"], TFJS]) {
  test(`${names[0]} is opened, with its weights and its training`, () => {
    const read = readModel(names.map(file));
    const model = Model.fromSafetensors(writeModel(read));
    if (read.training.loss === "categorical_crossentropy") model.compile(read.training);
    const graph = graphOf(read.config);
    const size = graph.input.shape.reduce((a, b) => a * b);
    const x = Float32Array.from({ length: size }, (_, index) => Math.cos(index));
    const right = predict(graph, read.weights, x);
    const found = model.predict(x);
    right.forEach((value, at) => assert.ok(Math.abs(value - found[at]) < 1e-5, `${found[at]} instead of ${value}`));
    model.free();
  });
}
