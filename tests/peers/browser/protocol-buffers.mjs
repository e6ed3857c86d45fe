// Protocol buffers, as far as an ONNX file needs them.

/**
 * @typedef {number | string | Uint8Array} Value  A whole number, a text, or a message or bytes.
 *
 * @param {{ [field: number]: Value | Value[] }} fields  A list is a repeated field.
 * @returns {Uint8Array}
 */
export function message(fields) {
  const parts = Object.entries(fields).flatMap(([field, values]) =>
    [values].flat().flatMap((value) => {
      if (typeof value === "number") return [variable(Number(field) << 3), variable(value)];
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
      return [variable((Number(field) << 3) | 2), variable(bytes.length), bytes];
    }),
  );
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/** A number in as many groups of seven bits as it needs. */
function variable(value) {
  const groups = [];
  for (; value > 127; value >>>= 7) groups.push((value & 127) | 128);
  return Uint8Array.of(...groups, value);
}
