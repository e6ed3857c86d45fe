// A run whose engine stops: it is back at its newest snapshot, says so, and trains on as if nothing had happened.
import assert from "node:assert/strict";

const network = {
  class_name: "Sequential",
  config: {
    layers: [
      { class_name: "InputLayer", config: { batch_shape: [null, 28, 28, 1] } },
      { class_name: "MaxPooling2D", config: { pool_size: 4 } },
      { class_name: "Flatten", config: {} },
      { class_name: "Dense", config: { name: "dense", units: 10, activation: "softmax" } },
    ],
  },
};

/**
 * Gives the page `start(settings)`, which makes a run on 400 generated digits; `trap()`, which ends the worker as a browser
 * does that has no memory left; `record(run)`, all that must repeat; `fits(run)`, whether the model has the weights and the
 * step that the run tells; `until(step)`.
 */
async function open(browser, site) {
  await browser.open(`${site.origin}/pages/engine.html`);
  await browser.until(() => globalThis.kit);
  await browser.evaluate(async (network) => {
    const Native = Worker;
    const workers = [];
    globalThis.Worker = class extends Native {
      constructor(...options) {
        super(...options);
        workers.push(this);
      }
    };
    const { Run } = await import("/training/run.js");
    const engine = await globalThis.kit.starts.worker({ variant: "simd" });
    const training = await engine.generateDigits({ count: 400, seed: 1 });
    const validation = await engine.generateDigits({ count: 100, seed: 2 });
    const settings = {
      optimizer: { class_name: "Adam", config: { learning_rate: 0.01 } },
      loss: "sparse_categorical_crossentropy",
      batchSize: 4,
      epochs: 20,
    };
    const start = async (changed, config = network) => {
      const run = new Run({
        engine,
        config,
        seed: 7,
        training,
        validation,
        settings: { ...settings, ...changed },
      });
      await run.prepare();
      return run;
    };
    // It is the first worker of the newest start that a pending call is asked of.
    const trap = async () => {
      const pending = engine.generateDigits({ count: 2000, seed: 1 }).catch(({ code }) => code);
      workers.at(-1).terminate();
      return pending;
    };
    const record = (run) => ({
      state: run.state,
      step: run.step,
      curve: [run.curve.steps, run.curve.loss],
      epochs: run.epochs.map(({ seconds: _, confusion, ...rest }) => ({ ...rest, confusion: [...confusion] })),
    });
    const steps = (bytes) => {
      const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
      const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
      return JSON.parse(header.__metadata__.convscope).steps;
    };
    const fits = async (run) => {
      const bytes = await run.model.toSafetensors({ optimizer: true });
      const { last } = run.snapshots;
      return {
        steps: [steps(bytes), run.step, last.step],
        same: bytes.every((byte, at) => byte === last.bytes[at]),
        curve: run.curve.steps.at(-1) ?? 0,
        epoch: [run.epochs.length, Math.floor(run.step / run.stepsPerEpoch)],
      };
    };
    // Steps are told a few times a second only, and a fast machine is through before: it keeps snapshots of each epoch, too.
    const until = async (run, step) => {
      const next = (resolve) => {
        for (const event of ["progress", "snapshot", "state"]) run.addEventListener(event, resolve, { once: true });
      };
      while (run.step < step) await new Promise(next);
    };
    Object.assign(globalThis, { engine, start, trap, record, fits, until });
  }, network);
}

/** That the model, the step, the curve and the epochs of a run all tell of one moment. */
function assertFits({ steps: [model, run, snapshot], same, curve, epoch }) {
  assert.deepEqual([model, snapshot, curve, same], [run, run, run, true]);
  assert.equal(epoch[0], epoch[1]);
}

export const tests = [
  {
    name: "training: after a trap a run is back at its newest snapshot, says so, and ends as if nothing had happened",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const { start, trap, record, fits, until } = globalThis;
        const whole = await start();
        await whole.start();
        const run = await start();
        const traps = [];
        for (const step of [130, 700]) {
          const running = run.start();
          await until(run, step);
          const before = run.step;
          void trap();
          await running;
          const { state, problem, step: back, snapshots } = run;
          traps.push({ before, back, state, problem, kept: snapshots.all.length, ...(await fits(run)) });
        }
        await run.start();
        return { traps, whole: record(whole), run: record(run), snapshots: run.snapshots.all.length };
      });
      for (const { before, back, state, problem, ...rest } of got.traps) {
        assertFits(rest);
        assert.ok(back > 64 && back <= before + 50, `${back} of ${before}`);
        assert.equal(state, "paused");
        assert.match(problem, new RegExp(`stopped .*back at step ${back}.*train on`));
      }
      assert.deepEqual(got.run, got.whole);
      assert.ok(got.snapshots > got.traps[1].kept, "it takes snapshots again");
    },
  },
  {
    name: "training: a run that rests when another call traps is what it was, with the weights that were edited by hand",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const { start, trap, fits, until } = globalThis;
        // So many epochs that it is under way at the second trap on any machine.
        const run = await start({ epochs: 2000 });
        const running = run.start();
        await until(run, 40);
        await run.pause();
        await running;
        const before = [run.step, run.snapshots.last.step];
        await run.model.setWeights("dense/bias", Float32Array.of(9), { at: 3 });
        const code = await trap();
        const after = [run.step, run.snapshots.last.step];
        const edited = (await run.model.weights("dense/bias")).values[3];
        // Trained on from the edit, then stopped again before anything is copied.
        await run.stepOnce();
        const stepped = (await run.model.weights("dense/bias")).values[3];
        const again = run.start();
        await new Promise((resolve) => setTimeout(resolve, 20));
        await Promise.all([trap(), again]);
        const { state } = run;
        const last = (await run.model.weights("dense/bias")).values[3];
        return { before, after, code, edited, stepped, last, state, fits: await fits(run) };
      });
      assert.equal(got.code, "trap");
      assert.deepEqual(got.after, got.before);
      assert.equal(got.edited, 9);
      assert.ok(got.stepped > 8.9 && got.last > 5, JSON.stringify(got));
      assertFits(got.fits);
    },
  },
  {
    name: "training: an edit is there after a trap in the step that follows it",
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const { start, trap, fits } = globalThis;
        const run = await start({ batchSize: 400 });
        await run.stepOnce();
        await run.model.setWeights("dense/bias", Float32Array.of(9), { at: 3 });
        const again = run.start();
        void trap();
        await again;
        return { bias: (await run.model.weights("dense/bias")).values[3], fits: await fits(run) };
      });
      assert.ok(got.bias > 8, String(got.bias));
      assertFits(got.fits);
    },
  },
  {
    name: "training: a learning rate that is set as the engine stops is that of the steps to come, and nothing is thrown",
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const { start, trap, fits, until } = globalThis;
        const told = async (run, rate) => {
          const trapped = trap();
          await run.setLearningRate(rate);
          await trapped;
          await run.pause();
          const { state, problem } = run;
          return { state, problem, rate: run.rate, changes: run.changes.map(({ rate }) => rate), ...(await fits(run)) };
        };
        const resting = await start();
        await resting.stepOnce();
        const rested = await told(resting, 0.02);
        const running = await start({ epochs: 2000 });
        const going = running.start();
        await until(running, 200);
        const ran = await told(running, 0.03);
        await going;
        await resting.stepOnce();
        return { rested, ran, after: [resting.step, resting.state, resting.problem ?? ""] };
      });
      for (const [{ state, problem, rate, changes, ...rest }, set] of [
        [got.rested, 0.02],
        [got.ran, 0.03],
      ]) {
        assertFits(rest);
        assert.equal(state, "paused");
        assert.match(problem, /stopped .*back at step \d+.*train on/);
        assert.deepEqual([rate, changes], [set, [set]]);
      }
      assert.deepEqual(got.after, [2, "paused", ""]);
    },
  },
  {
    name: "training: a run between two turns of a race is back where its weights are, too",
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const { start, trap, fits } = globalThis;
        const [run, beside] = [await start(), await start()];
        for (const one of [run, beside]) await one.learnUntil(150);
        const before = run.step;
        await trap();
        await new Promise((resolve) => setTimeout(resolve, 100));
        await run.pause();
        const after = [await fits(run), await fits(beside)];
        const { problem } = run;
        await run.learnUntil(450);
        return { before, after, problem, step: run.step, epochs: run.epochs.length };
      });
      assert.equal(got.before, 38);
      got.after.forEach(assertFits);
      assert.match(got.problem, /back at step 32/);
      assert.deepEqual([got.step, got.epochs], [113, 1]);
    },
  },
  {
    name: "training: a race comes to rest after a trap, and goes on",
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const { Race } = await import("/training/race.js");
        const { start, trap, until, engine } = globalThis;
        const [one] = [await start()];
        const training = await engine.generateDigits({ count: 400, seed: 1 });
        const entries = [4, 8].map((batchSize) => ({
          name: String(batchSize),
          config: one.config,
          settings: { ...one.settings, batchSize },
        }));
        for (const entry of entries) entry.config = await one.model.getConfig();
        const race = new Race({ engine, seed: 1, training, entries });
        await race.prepare();
        const going = race.start();
        await until(race.runners[0].run, 150);
        void trap();
        await going;
        const rested = [race.running, ...race.runners.map(({ run }) => run.state)];
        const problems = race.runners.map(({ run }) => run.problem ?? "");
        const diverged = race.runners.some(({ run }) => run.diverged);
        await race.start();
        return {
          rested,
          problems,
          diverged,
          ended: race.runners.map(({ run }) => [run.state, run.epochs.length, run.step]),
        };
      });
      assert.deepEqual(got.rested, [false, "paused", "paused"]);
      assert.ok(got.problems.some((problem) => /back at step \d+/.test(problem)));
      assert.equal(got.diverged, false, "nothing is wrong with the loss");
      assert.deepEqual(got.ended, [
        ["finished", 20, 2000],
        ["finished", 20, 1000],
      ]);
    },
  },
  {
    name: "training: where a run goes on it is kept soon, and what is kept on the way leaves no mark",
    seconds: 60,
    async run(browser, site) {
      await open(browser, site);
      const { kept, step, shown } = await browser.evaluate(async (network) => {
        const { start } = globalThis;
        // So slow that an epoch takes longer than the test.
        const [input, ...others] = network.config.layers;
        const slow = { class_name: "Conv2D", config: { filters: 2048, kernel_size: 9 } };
        const config = { ...network, config: { layers: [input, slow, ...others] } };
        const first = await start({ batchSize: 1 }, config);
        await first.learnUntil(140);
        await first.stepOnce();
        const run = await start({ batchSize: 1 }, config);
        await run.takeUp(first.record);
        const kept = [];
        const began = run.seconds;
        const two = new Promise((resolve) => {
          run.addEventListener("snapshot", () => {
            if (kept.push(run.seconds - began) === 2) resolve();
          });
        });
        const running = run.start();
        await two;
        // What a pause keeps is of no use to a reload.
        const before = kept.slice(0, 2);
        await run.pause();
        await running;
        return {
          kept: before,
          step: run.step,
          shown: run.snapshots.all.map(({ step, passing }) => [step, passing ?? false]),
        };
      }, network);
      assert.ok(step < 256, `${step}: powers of two are kept in any case`);
      assert.ok(kept[0] < 2 && kept[1] < 5, JSON.stringify(kept));
      const passing = shown.slice(0, -1).filter(([, passing]) => passing);
      assert.deepEqual(passing, [], "what is kept on the way is not there to be looked back at");
    },
  },
];
