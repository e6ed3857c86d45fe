// One task of one view, in a thread of its own: its experiment on one seed, or the search for its learning rates.
import { parentPort, workerData } from "node:worker_threads";
import { nodeData, nodeEngine } from "./engine.mjs";

const { name, task, seed } = workerData;
const view = await import(new URL(`../../web/views/${name}/claims.js`, import.meta.url));
const engine = await nodeEngine();
// Not every view has rates to search for.
parentPort.postMessage(await view[task]?.({ engine, data: await nodeData(engine), seed }));
