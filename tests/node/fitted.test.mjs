// A network is given an input and a last layer that fit the data.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cannotFit, fitted, fittedWords } from "../../web/training/fitted.js";

const lenet = JSON.parse(readFileSync(new URL("../../web/models/lenet5.json", import.meta.url), "utf8"));
const digits = { title: "MNIST", training: { shape: [28, 28, 1] }, classes: Array.from("0123456789") };
const cifar = { title: "CIFAR-100", training: { shape: [32, 32, 3] }, classes: Array.from({ length: 100 }, String) };

test("what fits is the same object, and nothing is said", () => {
  assert.equal(fitted(lenet, digits), lenet);
  assert.equal(fittedWords(lenet, digits), "");
});

test("another size and number of classes change the input and the last layer alone", () => {
  const { layers } = fitted(lenet, cifar).config;
  assert.deepEqual(layers[0].config.batch_shape, [null, 32, 32, 3]);
  assert.equal(layers.at(-1).config.units, 100);
  const changed = layers.filter((layer, index) => JSON.stringify(layer) !== JSON.stringify(lenet.config.layers[index]));
  assert.equal(changed.length, 2);
  assert.equal(lenet.config.layers[0].config.batch_shape[1], 28);
  assert.equal(
    fittedWords(lenet, cifar),
    "To fit this data, its input is 32×32×3 instead of 28×28×1, and its last layer has 100 outputs instead of 10.",
  );
  assert.match(cannotFit(cifar), /CIFAR-100 are 32×32×3/);
});

test("a network without channels, or with filters last, and Keras 2’s name of the input", () => {
  const layers = [
    {
      class_name: "Conv2D",
      config: { batch_input_shape: [null, 28, 28, 1], filters: 8, scale: null },
      build_config: {},
    },
    { class_name: "Conv2D", config: { filters: 10 } },
    { class_name: "Activation", config: { activation: "softmax" } },
  ];
  const network = { class_name: "Sequential", config: { layers } };
  const [first, last] = fitted(network, cifar).config.layers;
  assert.deepEqual(first, {
    class_name: "Conv2D",
    config: { batch_input_shape: [null, 32, 32, 3], filters: 8, scale: null },
  });
  assert.equal(last.config.filters, 100);
  const flat = {
    class_name: "Sequential",
    config: {
      layers: [
        { class_name: "InputLayer", config: { batch_shape: [null, 28, 28] } },
        { class_name: "Dense", config: { units: 10 } },
      ],
    },
  };
  assert.equal(fitted(flat, digits), flat);
});

test("a layer that divides by 255 is told: pixels run from 0 to 1 here", () => {
  const [input, ...rest] = lenet.config.layers;
  const rescaling = { class_name: "Rescaling", config: { name: "rescaling", scale: 1 / 255, offset: 0 } };
  const network = { ...lenet, config: { layers: [input, rescaling, ...rest] } };
  assert.match(fittedWords(network, digits), /^Its layer rescaling divides pixels by 255.*take that layer out/);
});
