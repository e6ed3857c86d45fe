// A device with little memory: the engine's wasm with a lower limit on its memory written into it.

const MEMORY_SECTION = 5;

/**
 * A copy of a wasm file whose memory can grow by no more than `pages` of 64 KiB.
 * @param {Uint8Array} wasm
 * @param {number} pages
 */
export function withLittleMemory(wasm, pages) {
  let at = 8;
  for (;;) {
    const start = at;
    const section = wasm[at];
    const size = unsigned(wasm, at + 1);
    at = size.next + size.value;
    if (section !== MEMORY_SECTION) continue;
    // One memory; its limits are a flag (whether there is an upper one), the lower one and the upper one.
    const lower = unsigned(wasm, size.next + 2).value;
    const body = [1, 1, ...bytesOf(lower), ...bytesOf(lower + pages)];
    return Uint8Array.from([
      ...wasm.subarray(0, start),
      MEMORY_SECTION,
      ...bytesOf(body.length),
      ...body,
      ...wasm.subarray(at),
    ]);
  }
}

/** Reads a number in LEB128. */
function unsigned(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return { value, next: at };
  }
}

/** Writes a number in LEB128. */
function bytesOf(value) {
  return value < 128 ? [value] : [128 + (value % 128), ...bytesOf(Math.floor(value / 128))];
}
