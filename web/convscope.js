// The module that other pages import.

import "./conv-scope.js";

export { connectEngine } from "./engine/workers/client.js";
export { latest } from "./engine/latest.js";

// Most pages only ever use the worker.
export const loadEngine = async (options) => (await import("./engine/thread.js")).loadEngine(options);
