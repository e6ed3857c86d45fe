// What a page has, in Node.js: the built engine in the calling thread, and the data that networks learn by default.
import { readFileSync } from "node:fs";
import { sample } from "../../web/data/files.js";
import { provideFiles } from "../../web/engine/resources.js";

const root = new URL("../../", import.meta.url);
const wasm = new URL("target/web/", root);

/** An object whose methods answer with promises, as those of the engine in a worker do. */
const promising = (object) =>
  new Proxy(object, {
    get(target, name) {
      const value = target[name];
      return typeof value === "function" ? async (...given) => value.apply(target, given) : value;
    },
  });

/** As `loadEngine` of the page; `cargo xtask build` makes what it is loaded from. */
export async function nodeEngine() {
  const built = await import(new URL("engine.mjs", wasm)).catch((error) => {
    throw new Error("There is no engine for Node.js yet: cargo xtask build makes it.", { cause: error });
  });
  built.provideFiles((name) => new Uint8Array(readFileSync(new URL(name, wasm))));
  const { Model, Dataset, ...functions } = await built.loadEngine({ variant: "simd" });
  return {
    ...Object.fromEntries(Object.keys(functions).map((name) => [name, promising(functions)[name]])),
    Dataset,
    restarts: new EventTarget(),
    Model: { fromConfig: async (...given) => promising(Model.fromConfig(...given)) },
  };
}

/** The sample of MNIST, split as in the page. */
export function nodeData(engine) {
  provideFiles((name) => new Uint8Array(readFileSync(new URL(`web/${name}`, root))));
  return sample(engine).load(() => {}, new AbortController().signal);
}
