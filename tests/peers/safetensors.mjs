// The format in which weights and examples are handed from one program to another.

const types = new Map([
  [Float32Array, "F32"],
  [Uint16Array, "U16"],
]);

/**
 * @param {Map<string, { shape: number[], values: Float32Array | Uint16Array }>} tensors
 * @returns {Uint8Array}
 */
export function writeSafetensors(tensors) {
  let end = 0;
  const header = {};
  for (const [name, { shape, values }] of tensors) {
    const begin = end;
    end += values.byteLength;
    header[name] = { dtype: types.get(values.constructor), shape, data_offsets: [begin, end] };
  }
  const text = JSON.stringify(header);
  // Spaces at its end keep the numbers aligned.
  const encoded = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const bytes = new Uint8Array(8 + encoded.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(encoded.length), true);
  bytes.set(encoded, 8);
  for (const [name, { values }] of tensors) {
    const [begin] = header[name].data_offsets;
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 8 + encoded.length + begin);
  }
  return bytes;
}
