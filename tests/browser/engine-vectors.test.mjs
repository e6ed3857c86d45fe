// The numbers of Keras and PyTorch, computed again by both wasm builds where people will run them.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";

const folder = new URL("../vectors/", import.meta.url);

const check = (variant) => ({
  name: `engine: golden vectors on the ${variant} build`,
  seconds: 120,
  async run(browser, site) {
    await browser.open(`${site.origin}/pages/engine.html`);
    await browser.until(() => globalThis.kit);
    const { variant: started } = await browser.evaluate(
      async (variant) =>
        globalThis.kit.outcome(async () => ({ variant: (await globalThis.kit.starts.thread({ variant })).variant })),
      variant,
    );
    // Chromium has both.
    if (started !== variant && browser.engine !== "chromium") return;

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

export const tests = [check("simd"), check("relaxed")];
