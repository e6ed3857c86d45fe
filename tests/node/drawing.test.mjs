// Drawings as they stand in an address, and how they are moved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BLANK, packStrokes, shifted, unpackStrokes } from "../../web/session/drawing.js";

const drawn = [
  [
    [0, 0],
    [1, 1],
    [0.5, 0.25],
  ],
  [[0.123, 0.987]],
];

const distance = (one, other) => Math.max(...one.flat(2).map((value, index) => Math.abs(value - other.flat(2)[index])));

test("packed strokes are the drawing to half a step of the pad, in the letters of an address", () => {
  const packed = packStrokes(drawn);
  assert.match(packed, /^[\w-]+$/);
  const unpacked = unpackStrokes(packed);
  assert.deepEqual(
    unpacked.map((stroke) => stroke.length),
    [3, 1],
  );
  assert.ok(distance(unpacked, drawn) <= 0.5 / 1023 + 1e-9);
  assert.equal(packStrokes(unpacked), packed, "the second time nothing is lost");
  assert.deepEqual(unpackStrokes(packStrokes([])), []);
});

test("text that is cut short or wrong gives the strokes before the fault", () => {
  const packed = packStrokes(drawn);
  for (let length = 0; length < packed.length; length++) {
    const strokes = unpackStrokes(packed.slice(0, length));
    assert.ok(strokes.length < 2, `${length} letters: ${JSON.stringify(strokes)}`);
    if (strokes.length) assert.deepEqual(strokes[0], unpackStrokes(packed)[0]);
  }
  assert.deepEqual(unpackStrokes(`${packed}!`), unpackStrokes(packed));
  assert.deepEqual(unpackStrokes("§"), []);
});

test("a drawing is moved at most half a side from where it was drawn", () => {
  assert.deepEqual(shifted(BLANK, 3, -2).shift, [3, -2]);
  assert.deepEqual(shifted(shifted(BLANK, 12, -12), 12, -12).shift, [14, -14]);
});
