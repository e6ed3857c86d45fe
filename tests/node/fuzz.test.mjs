// Every reader of the page, for a few seconds on edited input, always the same, and on all that has failed before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { again, execute } from "../fuzz/execute.mjs";
import { readers } from "../fuzz/readers.mjs";

for (const reader of await readers()) {
  test(`the reader ${reader.name} takes edited input for what it is, or refuses it in words`, async () => {
    const { failures } = await execute(reader, { executions: reader.bounded, uses: "always" });
    assert.deepEqual([...failures.map(({ number, why }) => `${number}: ${why}`), ...(await again(reader))], []);
  });
}
