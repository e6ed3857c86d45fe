// Messages between workers.

/**
 * The memory behind all arrays of a message, which is handed over instead of copied.
 *
 * @param {unknown} value
 * @returns {ArrayBuffer[]}
 */
export function buffersOf(value) {
  return [...new Set(buffersIn(value))];
}

/** @param {unknown} value @returns {ArrayBuffer[]} */
function buffersIn(value) {
  if (ArrayBuffer.isView(value)) return [/** @type {ArrayBuffer} */ (value.buffer)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(buffersIn);
}

/** @param {MessagePort} port @param {(message: any) => void} receive */
export function listen(port, receive) {
  port.onmessage = ({ data }) => receive(data);
  port.onmessageerror = lost;
}

/** Ends the worker: whoever waits for the message would wait for ever. */
export function lost() {
  throw new Error("a message did not arrive whole");
}
