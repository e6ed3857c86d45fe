// What the engine's tests use inside a page: both engines, a network small enough to be trained in a moment, and
// examples.
import { connectEngine, latest, loadEngine, provideFiles } from "/notes/convscope/convscope.js";
import { withLittleMemory } from "./little-memory.mjs";

const layer = (class_name, config) => ({ class_name, config });

const network = {
  class_name: "Sequential",
  config: {
    name: "bars",
    layers: [
      layer("InputLayer", { batch_shape: [null, 8, 8, 1] }),
      layer("Conv2D", { name: "conv2d", filters: 4, kernel_size: [3, 3], activation: "relu" }),
      layer("MaxPooling2D", { name: "max_pooling2d", pool_size: [2, 2] }),
      layer("Flatten", { name: "flatten" }),
      layer("Dense", { name: "dense", units: 3, activation: "softmax" }),
    ],
  },
};

const training = {
  optimizer: { class_name: "Adam", config: { learning_rate: 0.01 } },
  loss: "sparse_categorical_crossentropy",
};

/** Bars that stand, lie or lean, 8×8 pixels each: bytes [n, 8, 8, 1] and labels [n]. */
function bars(count) {
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 3);
  const pixels = new Uint8Array(count * 64);
  labels.forEach((label, index) => {
    for (let step = 0; step < 6; step++) {
      const place = 1 + (index % 6);
      const [x, y] = [
        [place, 1 + step],
        [1 + step, place],
        [1 + step, 1 + ((step + place) % 6)],
      ][label];
      pixels[index * 64 + y * 8 + x] = 200 + (index % 50);
    }
  });
  return { pixels, labels, x: Float32Array.from(pixels, (pixel) => pixel / 255) };
}

/** What a call ends with, in a form that passes as JSON and can be compared. */
async function outcome(call) {
  try {
    return plain(await call());
  } catch (error) {
    return { error: error instanceof Error, code: error.code, message: error.message };
  }
}

function plain(value) {
  if (ArrayBuffer.isView(value)) return [value.constructor.name, ...value];
  if (typeof value !== "object" || value === null) return value ?? null;
  return Array.isArray(value)
    ? value.map(plain)
    : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

/** The builds for browsers without relaxed SIMD. */
const BUILDS = ["convscope-first-simd.wasm", "convscope-simd.wasm"];

/** Gives the engine what `change` makes of its builds for browsers without relaxed SIMD. */
async function changeBuilds(change) {
  const changed = BUILDS.map(async (name) => {
    const response = await fetch(`/notes/convscope/${name}`);
    return [name, change(new Uint8Array(await response.arrayBuffer()))];
  });
  const builds = Object.fromEntries(await Promise.all(changed));
  provideFiles((wanted) => builds[wanted]);
}

/** Lets the engines that this page starts from now on have `pages` of 64 KiB of memory more than they start with. */
const limitMemory = (pages) => changeBuilds((wasm) => withLittleMemory(wasm, pages));

const starts = { thread: loadEngine, worker: connectEngine };
globalThis.kit = { starts, latest, network, training, bars, outcome, changeBuilds, limitMemory };
