// The module that other pages import.

import "./conv-scope.js";

export { connectEngine } from "./engine/client.js";
export { latest } from "./engine/latest.js";

// Most pages only ever use the worker.
export const loadEngine = async (options) => (await import("./engine/local.js")).loadEngine(options);
