// The module that other pages import.

import "./conv-scope.js";
import { latest } from "./engine/latest.js";
import { provideFiles } from "./engine/resources.js";
import { connectEngine } from "./engine/workers/client.js";

/** @typedef {typeof import("./convscope.js")} Types of convscope.d.ts, to which this file is held */

/** @type {Types["loadEngine"]} */
const loadEngine = async (options) => {
  // Most pages only ever use the workers.
  const thread = await import("./engine/thread.js");
  return thread.loadEngine(options);
};

// Nothing more and nothing less than the types have.
void (/** @satisfies {Types} */ ({ connectEngine, latest, loadEngine, provideFiles }));
export { connectEngine, latest, loadEngine, provideFiles };
