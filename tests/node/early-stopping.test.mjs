// Early stopping against Keras' callback, whose answers tests/vectors/early_stopping_cases.py wrote down.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { EarlyStopping } from "../../web/training/early-stopping.js";

const cases = JSON.parse(await readFile(new URL("../vectors/keras-early-stopping.json", import.meta.url), "utf8"));

test("early stopping ends a training where Keras does, and knows the epoch whose weights Keras restores", () => {
  assert.ok(cases.length > 30);
  for (const { arguments: given, values, last, weights } of cases) {
    const stopping = new EarlyStopping(given);
    const told = (value) => (value === null ? {} : { [given.monitor]: value });
    const stop = values.findIndex((value, epoch) => stopping.stopsAfter(epoch, told(value)));
    const end = stop < 0 ? values.length - 1 : stop;
    const restored = given.restore_best_weights && stopping.bestEpoch >= 0 ? stopping.bestEpoch : end;
    assert.deepEqual([end, restored], [last, weights], JSON.stringify(given));
  }
});
