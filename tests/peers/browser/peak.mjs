// The most that this processor computes in this browser: multiply-adds that never leave the registers.

const accumulators = 12;
const iterations = 1_000_000;
/** Two for each of four lanes. */
export const operationsOfASpin = iterations * accumulators * 8;

// Those few instructions' numbers in the WebAssembly specification.
const code = {
  block: 0x02,
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  i32Const: 0x41,
  i32Sub: 0x6b,
  f32Const: 0x43,
  prefix: 0xfd,
  splat: 0x13,
  extractLane: 0x1f,
  add: 228,
  multiply: 230,
  relaxedMultiplyAdd: 261,
};
const type = { i32: 0x7f, f32: 0x7d, v128: 0x7b, empty: 0x40, function: 0x60 };

/** @type {import("./page.mjs").Load} */
export async function load({ variant }) {
  const { instance } = await WebAssembly.instantiate(assemble(variant));
  const run = /** @type {(iterations: number) => number} */ (instance.exports.run);
  return { spin: () => run(iterations) };
}

/** run(n): each of the accumulators becomes itself × 0.5 + 1, n times; returns what keeps them from being left out. */
function assemble(variant) {
  const [count, factor, summand] = [0, 1, 2];
  const accumulator = (index) => 3 + index;
  const indices = Array.from({ length: accumulators }, (_, index) => index);
  const vector = (instruction) => [code.prefix, ...unsigned(instruction)];
  const constant = (value) => [code.f32Const, ...new Uint8Array(Float32Array.of(value).buffer), ...vector(code.splat)];
  const step = (index) => [
    code.get,
    accumulator(index),
    code.get,
    factor,
    ...(variant === "relaxed"
      ? [code.get, summand, ...vector(code.relaxedMultiplyAdd)]
      : [...vector(code.multiply), code.get, summand, ...vector(code.add)]),
    code.set,
    accumulator(index),
  ];
  const body = [
    ...unsigned(1),
    ...unsigned(2 + accumulators),
    type.v128,
    ...constant(0.5),
    code.set,
    factor,
    ...constant(1),
    code.set,
    summand,
    // Each starts elsewhere: equal ones could be computed once.
    ...indices.flatMap((index) => [...constant(index), code.set, accumulator(index)]),
    code.loop,
    type.empty,
    ...indices.flatMap(step),
    code.get,
    count,
    code.i32Const,
    1,
    code.i32Sub,
    code.tee,
    count,
    code.branchIf,
    0,
    code.end,
    code.get,
    accumulator(0),
    ...indices.slice(1).flatMap((index) => [code.get, accumulator(index), ...vector(code.add)]),
    ...vector(code.extractLane),
    0,
    code.end,
  ];
  const section = (id, bytes) => [id, ...unsigned(bytes.length), ...bytes];
  return Uint8Array.of(
    ...new TextEncoder().encode("\0asm"),
    1,
    0,
    0,
    0,
    ...section(1, [1, type.function, 1, type.i32, 1, type.f32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...new TextEncoder().encode("run"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  );
}

/** LEB128 */
function unsigned(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
