// The worker ends in the middle of each call that changes a model: what was told as done before is there again, and the
// call succeeds when it is made once more.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";
import { catchWorkers, killWorkers } from "./page-faults.mjs";

export const tests = [
  {
    name: "faults: the worker is killed in each call that changes a model: what was done before is there, and the call can be made again",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      await browser.evaluate(catchWorkers);
      await browser.evaluate(
        (kill) => (globalThis.killWorkers = new Function(`return ${kill}`)()),
        String(killWorkers),
      );
      const { expected, seen, missing } = await browser.evaluate(async () => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const { MODEL } = await import("/engine/methods.js");
        const { pixels, labels } = bars(30);
        const indices = [0, 1, 2];
        const other = { ...training, optimizer: { class_name: "SGD", config: { learning_rate: 0.1, momentum: 0.9 } } };
        const file = await starts
          .thread({ variant: "simd" })
          .then(({ Model }) => Model.fromConfig(network, { seed: 9 }).toSafetensors());
        const calls = {
          compile: (model) => model.compile(other),
          setLearningRate: (model) => model.setLearningRate(0.25),
          setWeights: (model) => model.setWeights("dense/bias", Float32Array.of(3, 2, 1)),
          setFlatWeights: (model, count) => model.setFlatWeights(new Float32Array(count).fill(0.125)),
          loadSafetensors: (model) => model.loadSafetensors(file),
          reset: (model) => model.reset(),
          trainStep: (model, _, data) => model.trainStep(data, indices),
          fit: (model, _, data) => model.fit(data, { steps: 3 }),
        };
        const changing = Object.keys(MODEL).filter((name) => MODEL[name].sets || MODEL[name].trains);
        /** A model after each kind of call but training, which is told as kept once it is copied only. */
        const made = async ({ Model, Dataset }) => {
          const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
          const model = await Model.fromConfig(network, { seed: 4 });
          const { length } = await model.flatWeights();
          await model.compile(training);
          await model.fit(data, { steps: 2 });
          await model.toSafetensors({ optimizer: true });
          await model.setWeights("dense/bias", Float32Array.of(0.5), { at: 2 });
          await model.setLearningRate(0.02);
          return { model, data, length };
        };
        /** The state, then what a step makes of it, which tells of the learning rate too. */
        const state = async ({ model, data }, steps) => {
          const bytes = [await model.flatWeights()];
          if (steps) await model.trainStep(data, indices);
          bytes.push(await model.flatWeights());
          return bytes.map((one) => Array.from(one).join()).join(" then ");
        };
        const thread = await starts.thread({ variant: "simd" });
        const worker = await starts.worker({ variant: "simd", workers: 1 });
        const [expected, seen] = [{}, {}];
        for (const name of changing.filter((name) => calls[name])) {
          const same = await made(thread);
          const before = await state(same);
          await calls[name](same.model, same.length, same.data);
          expected[name] = { code: "trap", before, after: await state(same, true) };

          const own = await made(worker);
          const pending = outcome(() => calls[name](own.model, own.length, own.data));
          globalThis.killWorkers();
          const { code } = await pending;
          const back = await state(own);
          await calls[name](own.model, own.length, own.data);
          seen[name] = { code, before: back, after: await state(own, true) };
        }
        return { expected, seen, missing: changing.filter((name) => !calls[name]) };
      });
      assert.deepEqual(missing, [], "each call that changes a model is in this list");
      assert.ok(Object.keys(seen).length >= 8);
      for (const [name, one] of Object.entries(expected)) assert.deepEqual(seen[name], one, name);
    },
  },
];
