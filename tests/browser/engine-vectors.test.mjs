// The numbers of Keras and PyTorch, computed again by both wasm builds where people will run them.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";

const folder = new URL("../vectors/", import.meta.url);
const models = new URL("../../web/models/", import.meta.url);

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

/** How often each training is repeated: more where somebody looks for a build that is not sure of its bits. */
const REPEATS = Number(process.env.CONVSCOPE_REPEATS ?? 3);
const TRAININGS = [
  { model: "lenet5", steps: 8, batch: 37 },
  { model: "convnet", steps: 4, batch: 16 },
];

const repeat = (variant, engines) => ({
  name: `engine: a seed gives the same bits each time on the ${variant} build, whatever is left in its memory`,
  engines,
  seconds: 60 + 10 * REPEATS,
  async run(browser, site) {
    const seen = new Set();
    const read = ({ model, ...of }) =>
      readFile(new URL(`${model}.json`, models), "utf8").then((text) => ({ text, ...of }));
    const trainings = await Promise.all(TRAININGS.map(read));
    for (let time = 0; time < REPEATS; time++) {
      // Compiled anew each time: browsers compile hot functions again while they run.
      await browser.open(`${site.origin}/pages/engine.html`);
      const digests = await browser.evaluate(
        async (variant, trainings) => {
          const { train, default: start } = await import("/web-vectors/convscope_wasm.js");
          await start({ module_or_path: `/web-vectors/convscope-${variant}.wasm` });
          const digests = [];
          for (const { text, steps, batch } of trainings) {
            for (const spoilt of [true, false, true]) {
              const weights = train(text, steps, batch, spoilt);
              if (!weights.every(Number.isFinite)) throw new Error("a weight is no finite number");
              const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", weights));
              digests.push(digest.join());
            }
          }
          return digests;
        },
        variant,
        trainings,
      );
      for (const digest of digests) seen.add(digest);
      assert.equal(seen.size, TRAININGS.length, `other weights at repetition ${time + 1} of ${REPEATS}`);
    }
  },
});

// WebKitGTK has no relaxed SIMD: there that build is left out, not passed.
export const tests = [check, repeat].flatMap((test) => [test("simd"), test("relaxed", ["chromium", "firefox"])]);
