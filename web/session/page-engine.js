import { connectEngine } from "../engine/workers/client.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */

/** @type {Promise<Engine> | undefined} */
let connecting;

/** The one engine of a page, for all that it shows. */
export function pageEngine() {
  connecting ??= connectEngine({ workers: "auto" });
  connecting.catch(() => (connecting = undefined));
  return connecting;
}
