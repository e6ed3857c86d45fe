// What stands at the ticks of a chart's axes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tickTexts, valueText } from "../../web/runs/chart-axes.js";

test("ticks have the decimals that they need, and powers of ten instead of many zeros", () => {
  assert.deepEqual(tickTexts([0, 0.5, 1], false), ["0", "0.5", "1"]);
  assert.deepEqual(tickTexts([0, 2.5, 5, 7.5], false), ["0", "2.5", "5", "7.5"]);
  assert.deepEqual(tickTexts([0.1 + 0.2], false), ["0.3"]);
  assert.deepEqual(tickTexts([0, 2000, 4000], false), ["0", "2,000", "4,000"]);
  assert.deepEqual(tickTexts([-1, 0], false), ["−1", "0"]);
  assert.deepEqual(tickTexts([0, 2e5, 4e5], false), ["0", "2·10⁵", "4·10⁵"]);
  assert.deepEqual(tickTexts([0.001, null, 0.01, 0.1], false), ["0.001", "", "0.01", "0.1"]);
  assert.deepEqual(tickTexts([1e-6, 1e-5], false), ["10⁻⁶", "10⁻⁵"]);
  assert.deepEqual(tickTexts([0.97, 0.975, 0.98], true), ["97 %", "97.5 %", "98 %"]);
});

test("values have three significant digits", () => {
  assert.deepEqual(
    [2.3025, 12_345_678, 0, -0.25, 0.00004, NaN].map((value) => valueText(value, false)),
    ["2.30", "1.23·10⁷", "0.00", "−0.250", "4·10⁻⁵", "–"],
  );
  assert.equal(valueText(0.98765, true), "98.8 %");
});
