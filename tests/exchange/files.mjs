// The model files that the tests read, and what is in them.
import { readFileSync } from "node:fs";
import { readSafetensors } from "../../web/exchange/safetensors.js";

const folder = new URL("files/", import.meta.url);

/** @param {string} name @returns {Uint8Array} */
export const bytesOf = (name) => new Uint8Array(readFileSync(new URL(name, folder)));

/** @param {string} name @returns {{ name: string, bytes: Uint8Array }} a file as it is dropped */
export const file = (name) => ({ name: name.slice(name.lastIndexOf("/") + 1), bytes: bytesOf(name) });

/** @param {string} name @returns {{ weights: Map<string, object>, x: object, y: object }} */
export function expected(name) {
  const { tensors } = readSafetensors(name, bytesOf(`expected/${name}.safetensors`));
  const [x, y] = [tensors.get("x"), tensors.get("y")];
  tensors.delete("x");
  tensors.delete("y");
  return { weights: tensors, x, y };
}
