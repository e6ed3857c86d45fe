// One view's experiment on one seed, in a thread of its own.
import { parentPort, workerData } from "node:worker_threads";
import { nodeEngine } from "./engine.mjs";

const { name, seed } = workerData;
const { measure } = await import(new URL(`../../web/views/${name}/claims.js`, import.meta.url));
parentPort.postMessage(await measure({ engine: await nodeEngine(), seed }));
