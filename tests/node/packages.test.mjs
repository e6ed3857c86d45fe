// The six packages that the bindings stand on are there, and each does what it is made for.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const sources = new URL("crates/wasm/src/", root);

/** Each package, and what shows its use in the sources. */
const PACKAGES = {
  "wasm-bindgen": /#\[wasm_bindgen/,
  "js-sys": /js_sys::\{?.*Float32Array/,
  "web-sys": /web_sys::Performance/,
  "serde-wasm-bindgen": /serde_wasm_bindgen::Serializer/,
  console_error_panic_hook: /console_error_panic_hook::hook/,
  getrandom: /getrandom::u64/,
};

test("the bindings use their six packages, and the lock file has them", async () => {
  const lock = await readFile(new URL("Cargo.lock", root), "utf8");
  const [, own] = lock.match(/name = "convscope-wasm"\n[^[]*dependencies = \[([^\]]*)\]/) ?? [];
  const files = (await readdir(sources)).filter((name) => name.endsWith(".rs"));
  const code = await Promise.all(files.map((name) => readFile(new URL(name, sources), "utf8")));
  for (const [name, use] of Object.entries(PACKAGES)) {
    assert.match(lock, new RegExp(`name = "${name}"`), `${name} in Cargo.lock`);
    assert.match(own ?? "", new RegExp(`"${name}[" ]`), `${name} among the dependencies of crates/wasm`);
    assert.ok(
      code.some((text) => use.test(text)),
      `${name} in use: ${use}`,
    );
  }
});
