import { connectEngine } from "../engine/workers/client.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */

/** @type {Promise<Engine> | undefined} */
let connecting;

/**
 * What there is to say while the engine does not answer; `silence` tells when that is something else.
 *
 * @type {EventTarget & { problem?: import("./problem.js").Problem }}
 */
export const listening = new EventTarget();
const SILENT = "The engine has not answered for 20 seconds. Wait, or try again: then it starts anew.";

/** @param {any} event of the engine */
function tell({ detail: retry }) {
  listening.problem = retry && { message: SILENT, code: "trap", retry };
  listening.dispatchEvent(new Event("silence"));
}

/** The one engine of a page, for all that it shows. */
export function pageEngine() {
  connecting ??= connectEngine({ workers: "auto" });
  connecting.then(({ restarts }) => restarts.addEventListener("silence", tell)).catch(() => (connecting = undefined));
  return connecting;
}
