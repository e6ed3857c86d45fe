// A task that is slower than its caller: answers in order, and nothing stale.
import assert from "node:assert/strict";
import { test } from "node:test";
import { latest } from "../../web/engine/latest.js";

/** A task whose calls end when the test says so. */
function slow() {
  const calls = [];
  const task = latest(
    (value) => new Promise((resolve, reject) => calls.push({ value, end: () => resolve(value), fail: reject })),
  );
  return { task, calls };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("of the calls made while one runs, only the newest runs next, and the others resolve to nothing", async () => {
  const { task, calls } = slow();
  const answers = [1, 2, 3].map((value) => task(value));
  assert.deepEqual(
    calls.map(({ value }) => value),
    [1],
  );
  calls[0].end();
  await turn();
  assert.deepEqual(
    calls.map(({ value }) => value),
    [1, 3],
  );
  calls[1].end();
  assert.deepEqual(await Promise.all(answers), [1, undefined, 3]);
});

test("what was asked for before a drop is stale, and what comes after is answered", async () => {
  const { task, calls } = slow();
  const [running, waiting] = [task("running"), task("waiting")];
  task.drop();
  const after = task("after");
  calls[0].end();
  await turn();
  calls[1].end();
  assert.deepEqual(await Promise.all([running, waiting, after]), [undefined, undefined, "after"]);
});

test("a call that fails says so to its caller, and the next one runs", async () => {
  const { task, calls } = slow();
  const failing = task(1);
  const next = task(2);
  calls[0].fail(new Error("no"));
  await assert.rejects(failing, /^Error: no$/);
  await turn();
  calls[1].end();
  assert.equal(await next, 2);
});
