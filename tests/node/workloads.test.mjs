// What the benchmark has everybody compute.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { disjoint, sumOf } from "../peers/browser/profile.mjs";
import { workloadNamed } from "../peers/workloads.mjs";

test("the default network of the benchmark is the page's, without its dropout", async () => {
  const file = new URL("../../web/models/convnet.json", import.meta.url);
  const { config } = JSON.parse(await readFile(file, "utf8"));
  const layers = config.layers.filter(({ class_name }) => class_name !== "Dropout");
  const measured = workloadNamed("default").layers;
  assert.equal(measured.length, layers.length);
  for (const [index, { class_name, config }] of layers.entries()) {
    // What the page's file leaves to Keras' defaults, the benchmark's libraries are told.
    const told = Object.keys(config).map((key) => [key, measured[index].config[key]]);
    assert.deepEqual(
      { class_name: measured[index].class_name, config: Object.fromEntries(told) },
      { class_name, config },
    );
  }
});

test("a layer's two gradients are counted once, and what a method needs only where all parts tell", () => {
  const part = (work, multiplyAdds, neededMultiplyAdds) => ({
    layer: "conv2d",
    work,
    multiplyAdds,
    neededMultiplyAdds,
  });
  const parts = [part("forward", 100, 30), part("weightGradient", 100, 20), part("backward", 200, 45)];
  assert.deepEqual(disjoint(parts)[2], part("inputGradient", 100, 25));
  assert.equal(sumOf("train", parts, "multiplyAdds"), 300);
  assert.equal(sumOf("train", parts, "neededMultiplyAdds"), 75);
  assert.equal(sumOf("infer", parts, "neededMultiplyAdds"), 30);
  assert.equal(sumOf("train", [...parts, part("forward", 7)], "neededMultiplyAdds"), undefined);
});
