// What keys mean in grids of cells.
import assert from "node:assert/strict";
import { test } from "node:test";
import { steps } from "../../web/ui/keys.js";

test("an arrow key goes one cell; a name that every object knows is no key", () => {
  assert.deepEqual(steps({ key: "ArrowUp" }), [0, -1]);
  for (const key of ["Enter", "constructor", "__proto__", "toString", ""]) assert.equal(steps({ key }), undefined, key);
});
