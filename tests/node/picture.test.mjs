// Pictures that people bring, as a network gets them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inputOf, isOnPaper, resized } from "../../web/session/picture.js";

const SIDE = 224;
/** A bar of dark ink on shaded paper, off the middle. */
const photo = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, index) => {
  const cell = Math.floor(index / 3);
  const [row, column] = [Math.floor(cell / SIDE), cell % SIDE];
  const ink = row >= 40 && row < 140 && column >= 150 && column < 170;
  return ink ? 0.1 : 0.7 + (0.2 * column) / SIDE;
});
const picture = { values: photo, shape: [SIDE, SIDE, 3], title: "1", example: false, inverted: true, centred: true };

test("ink on paper becomes white on black, in a box of 20×20, its centre of mass in the middle, the paper gone", () => {
  assert.ok(isOnPaper(photo, picture.shape));
  const image = inputOf(picture, [28, 28, 1]);
  assert.equal(image.length, 784);
  const inked = Array.from(image.keys()).filter((cell) => image[cell] > 0.3);
  const rows = inked.map((cell) => Math.floor(cell / 28));
  const columns = inked.map((cell) => cell % 28);
  assert.deepEqual([Math.min(...rows), Math.max(...rows)], [4, 23]);
  assert.ok(Math.min(...columns) >= 11 && Math.max(...columns) <= 16, `${columns}`);
  assert.equal(Math.max(...image), 1);
  assert.equal(image[0], 0);
});

test("without that it is only made small; not inverted, the paper is ink", () => {
  const plain = inputOf({ ...picture, centred: false }, [28, 28, 1]);
  assert.ok(Math.abs(plain[0] - 0.3) < 0.02, `${plain[0]}`);
  assert.ok(Math.abs(plain[10 * 28 + 20] - 0.9) < 0.05, `${plain[10 * 28 + 20]}`);
  assert.ok(inputOf({ ...picture, centred: false, inverted: false }, [28, 28, 1])[0] > 0.6);
});

test("a network of colours gets colours, of other sides the middle part of them", () => {
  const colours = Float32Array.from({ length: 3 * 64 }, (_, index) => [1, 0.5, 0][index % 3]);
  const small = inputOf({ ...picture, values: colours, shape: [8, 8, 3] }, [4, 2, 3]);
  assert.deepEqual(Array.from(small.subarray(0, 6)), [1, 0.5, 0, 1, 0.5, 0]);
  const grey = { ...picture, values: new Float32Array(16).fill(0.25), shape: [4, 4, 1] };
  assert.deepEqual(Array.from(inputOf(grey, [2, 2, 3])), new Array(12).fill(0.25));
});

test("an example of the data stays as it is, and moves by whole pixels", () => {
  const values = Float32Array.from({ length: 12 }, (_, index) => index / 12);
  const example = { ...picture, values, shape: [2, 2, 3], example: true };
  assert.equal(inputOf(example, [2, 2, 3]), values);
  assert.deepEqual(
    inputOf(example, [2, 2, 3], [1, 0]),
    Float32Array.from([0, 0, 0, ...values.subarray(0, 3), 0, 0, 0, ...values.subarray(6, 9)]),
  );
});

test("a blank picture has no ink, and sizes keep the mean", () => {
  const blank = { ...picture, values: new Float32Array(3 * SIDE * SIDE).fill(0.8) };
  assert.ok(inputOf(blank, [28, 28, 1]).every((value) => value === 0));
  const ramp = Float32Array.from({ length: 35 }, (_, index) => index);
  const half = resized(ramp, [5, 7, 1], { top: 0, left: 0, height: 5, width: 7 }, [3, 2]);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean(half) - mean(ramp)) < 1e-4);
});
