// The arrays among the arguments and answers of a call.

/** @param {unknown} value @returns {ArrayBufferView[]} */
export function arraysIn(value) {
  if (ArrayBuffer.isView(value)) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(arraysIn);
}
