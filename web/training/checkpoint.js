// What a checkpoint says of itself, without the engine.

const MOST_HEADER = 2 << 20;

/**
 * How many steps of training a safetensors file with an optimiser has behind it.
 *
 * @param {Uint8Array} bytes
 * @returns {number | undefined} nothing where it does not say so
 */
export function stepsOf(bytes) {
  try {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + Math.min(length, MOST_HEADER)));
    return JSON.parse(JSON.parse(header).__metadata__.convscope).steps;
  } catch {
    return undefined;
  }
}
