// The numbers of Keras and PyTorch, computed again by both wasm builds where people will run them.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";

const folder = new URL("../vectors/", import.meta.url);

const check = (variant, engines) => ({
  name: `engine: golden vectors on the ${variant} build`,
  engines,
  seconds: 120,
  async run(browser, site) {
    await browser.open(`${site.origin}/pages/engine.html`);
    const files = (await readdir(folder)).filter((name) => name.endsWith(".safetensors"));
    assert.ok(files.length >= 8, `${files.length} files`);
    for (const file of files) {
      const { cases } = await browser.evaluate(
        async (variant, file) => {
          // One instance of the module for each build.
          const { checkVectors, default: start } = await import(`/web-vectors/convscope_wasm.js?${variant}`);
          await start({ module_or_path: `/web-vectors/convscope-${variant}.wasm` });
          return checkVectors(new Uint8Array(await (await fetch(`/vectors/${file}`)).arrayBuffer()));
        },
        variant,
        file,
      );
      const failed = cases.filter(({ passed }) => !passed);
      assert.ok(cases.length > 0, file);
      assert.deepEqual(failed, [], file);
    }
  },
});

// WebKitGTK has no relaxed SIMD: there that build is left out, not passed.
export const tests = [check("simd"), check("relaxed", ["chromium", "firefox"])];
