// Numbers as people write them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { writtenNumber } from "../../web/ui/written-number.js";

test("a number is read with a point or a comma, and with either minus", () => {
  const written = {
    2: 2,
    0.5: 0.5,
    "0,01": 0.01,
    ",5": 0.5,
    "5.": 5,
    "−1,25": -1.25,
    "-3": -3,
    "1e-3": 1e-3,
    " 7 ": 7,
  };
  for (const [text, value] of Object.entries(written)) assert.equal(writtenNumber(text), value, text);
});

test("what is no number, or could be two, is none", () => {
  for (const text of ["", "abc", "1,000", "12,345", "1.2.3", "1,2,3", "0x10", "1 2", "-", "Infinity", "1e"])
    assert.ok(Number.isNaN(writtenNumber(text)), text);
});
