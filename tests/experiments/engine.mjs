// The built engine in Node.js, in the calling thread.
import { readFileSync } from "node:fs";

const built = new URL("../../target/web/", import.meta.url);

/** As `loadEngine` of the page; `cargo xtask build` makes what it is loaded from. */
export async function nodeEngine() {
  const { loadEngine, provideFiles } = await import(new URL("engine.mjs", built)).catch((error) => {
    throw new Error("There is no engine for Node.js yet: cargo xtask build makes it.", { cause: error });
  });
  provideFiles((name) => new Uint8Array(readFileSync(new URL(name, built))));
  return loadEngine({ variant: "simd" });
}
