// What an object of the worker is built from again after a trap.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Backup } from "../../web/engine/workers/backup.js";

const made = { operation: "create", handle: 7, method: { of: "make", name: "fromConfig" }, args: { config: "{}" } };

/** A backup to which calls can be told in one line; `told` lists what it would repeat. */
function backup() {
  const backup = new Backup(made);
  const call = (name, args) => ({ operation: "call", target: 7, method: { of: "model", name }, args });
  return {
    backup,
    set: (setting, name, args) => backup.keep(setting, call(name, args))(),
    edit(name, numbers, at) {
      this.set("part", "setWeights", { name, values: Float32Array.from(numbers), options: { at } });
    },
    save: () => backup.save(async ({ method }) => `copy by ${method.name}`),
    told: () =>
      backup.requests.slice(1).map(({ method, args }) => [method.name, args.options?.at ?? args.bytes ?? args.rate]),
  };
}

test("it begins with what made the object, and keeps copies of what belongs to the caller", () => {
  const { backup: kept, told } = backup();
  assert.deepEqual(kept.requests, [made]);
  const values = Float32Array.of(1);
  const succeeded = kept.keep("part", {
    operation: "call",
    target: 7,
    method: { of: "model", name: "setWeights" },
    args: { name: "a", values, options: { at: 0 } },
  });
  assert.deepEqual(told(), [], "nothing before the call has succeeded");
  values[0] = 2;
  succeeded();
  assert.deepEqual([...kept.requests[1].args.values], [1]);
});

test("what is set again makes up for what was set before, in the order of the calls", () => {
  const model = backup();
  model.set("training", "compile", {});
  model.set("rate", "setLearningRate", { rate: 1 });
  model.set("rate", "setLearningRate", { rate: 2 });
  model.edit("a", [1], 3);
  assert.deepEqual(model.told(), [
    ["compile", undefined],
    ["setLearningRate", 2],
    ["setWeights", 3],
  ]);
  model.set("training", "compile", {});
  assert.deepEqual(model.told(), [
    ["setWeights", 3],
    ["compile", undefined],
  ]);
  model.set("weights", "reset", {});
  assert.deepEqual(model.told(), [
    ["compile", undefined],
    ["reset", undefined],
  ]);
});

test("an edit makes up for those within it, and for no others", () => {
  const model = backup();
  model.edit("a", [1], 3);
  model.edit("a", [1], 4);
  model.edit("b", [1], 4);
  model.edit("a", [2], 3);
  assert.deepEqual(
    model.told().map(([, at]) => at),
    [4, 4, 3],
  );
  model.edit("a", [5, 6], 3);
  assert.deepEqual(
    model.told().map(([, at]) => at),
    [4, 3],
  );
  model.edit("a", [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(
    model.told().map(([, at]) => at),
    [4, undefined],
  );
});

test("many edits become one copy of the weights", async () => {
  const model = backup();
  for (let at = 0; at < 64; at++) model.edit("a", [at], at);
  assert.equal(model.backup.isDue, false);
  model.edit("a", [64], 64);
  assert.equal(model.backup.isDue, true);
  const saved = model.save();
  assert.equal(model.backup.isDue, false, "one copy at a time");
  await saved;
  assert.deepEqual(model.told(), [["loadSafetensors", "copy by toSafetensors"]]);
});

test("a training is saved before another optimiser begins, unless it has diverged", async () => {
  const model = backup();
  assert.equal(model.backup.isDueBefore("training"), false);
  model.backup.learnt(0.5);
  assert.equal(model.backup.isDueBefore("rate"), false);
  assert.equal(model.backup.isDueBefore("training"), true);
  await model.save();
  assert.equal(model.backup.isDueBefore("training"), false);
  model.backup.learnt(NaN);
  assert.equal(model.backup.isDueBefore("training"), false);
});

test("an answer without a step leaves what was learnt before to be saved", () => {
  const model = backup();
  model.backup.learnt(0.5);
  model.backup.learnt(undefined);
  assert.equal(model.backup.isDueBefore("training"), true);
});

test("what is written down with its optimiser is a copy as good as one of its own", () => {
  const model = backup();
  model.set("training", "compile", {});
  model.backup.learnt(0.5);
  model.edit("a", [1], 3);
  const bytes = Uint8Array.of(1, 2);
  model.backup.saved(bytes);
  bytes[0] = 9;
  assert.equal(model.backup.isDueBefore("training"), false);
  assert.deepEqual(
    model.told().map(([name, told]) => [name, told && [...told]]),
    [
      ["compile", undefined],
      ["loadSafetensors", [1, 2]],
    ],
  );
});

test("a model that is not compiled is copied without an optimiser", async () => {
  const model = backup();
  const asked = [];
  const save = () => model.backup.save(async ({ args }) => asked.push(args.options.optimizer));
  await save();
  model.set("training", "compile", {});
  await save();
  assert.deepEqual(asked, [false, true]);
});

test("where a copy fails, the one before stands", async () => {
  const model = backup();
  await model.save();
  await model.backup.save(() => Promise.reject(new Error("stopped")));
  assert.deepEqual(model.told(), [["loadSafetensors", "copy by toSafetensors"]]);
});
