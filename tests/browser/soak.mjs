// Whether the page stays whole while it is used for long: node tests/browser/soak.mjs --executable /usr/bin/chromium
// --minutes 60 --seed 1. Half of the time somebody tries everything by chance, the other half somebody trains. Prints what
// the page holds as it goes; at a fault, the seed and what was done last.
import { parseArgs } from "node:util";
import { Random } from "../fuzz/random.mjs";
import { startPage } from "./soak/page.mjs";
import { train } from "./soak/training.mjs";
import { wander } from "./soak/wandering.mjs";

const USES = { wander, train };

const { values: options } = parseArgs({
  options: {
    executable: { type: "string" },
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 1000)) },
    only: { type: "string" },
  },
});
const [minutes, seed] = [Number(options.minutes), Number(options.seed)];
if (!(minutes > 0)) throw new Error(`--minutes: expected a number above 0, got ${options.minutes}`);
if (!(Number.isInteger(seed) && seed >= 0))
  throw new Error(`--seed: expected a whole number from 0, got ${options.seed}`);
const chosen = Object.keys(USES).filter((name) => !options.only || name === options.only);
if (!chosen.length) throw new Error(`--only: expected ${Object.keys(USES).join(" or ")}, got ${options.only}`);

console.log(`seed ${seed}`);
const page = await startPage(options.executable);
page.page.once("error", ({ message }) => {
  console.log(`✗ the page ended: ${message}; seed ${seed}`);
  process.exit(1);
});
let whole = true;
for (const name of chosen) {
  const found = await USES[name](page, minutes / chosen.length, new Random(seed));
  for (const fault of found) console.log(`✗ ${fault}`);
  whole &&= found.length === 0;
}
await page.close();
console.log(whole ? `✓ whole and bounded over ${minutes} min, seed ${seed}` : `✗ seed ${seed}`);
process.exit(whole ? 0 : 1);
