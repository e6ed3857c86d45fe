// Colours of cells that are no number, or too large for one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { colours, css, word } from "../../web/ui/colour-scales.js";
import { largest } from "../../web/ui/heat-map.js";

test("what is no number has a colour that no number has", () => {
  for (const meaning of ["activation", "weight", "ink", "accuracy"]) {
    for (const dark of [false, true]) {
      const words = colours(meaning, dark);
      const grey = word(words, NaN, 1);
      assert.equal(css(grey), "rgb(128 128 128)");
      assert.ok(!words.includes(grey), `${meaning}, ${dark ? "dark" : "light"}`);
      assert.equal(word(words, Infinity, 1), word(words, 1, 1));
      assert.equal(word(words, -Infinity, 1), word(words, -1, 1));
    }
  }
});

test("the largest value of a map is that of its finite cells", () => {
  assert.equal(largest(Float32Array.of(0.25, NaN, -2, Infinity, 1)), 2);
  assert.equal(largest(Float32Array.of(NaN, -Infinity, 0)), 1);
});
