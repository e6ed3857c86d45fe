// What attributes of <conv-scope> say, where they say nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cellOf, digitOf, seedOf, shiftOf, wholeOf } from "../../web/attributes.js";

test("an attribute that was taken away, which leaves null, counts as one that was never given", () => {
  for (const none of [undefined, null, ""]) {
    assert.deepEqual(cellOf(none), {});
    assert.deepEqual(shiftOf(none), [0, 0]);
    assert.deepEqual([wholeOf(none), digitOf(none), seedOf(none)], [undefined, undefined, 0]);
  }
});
