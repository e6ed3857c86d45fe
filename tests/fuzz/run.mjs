// Runs the readers of the page for long: node tests/fuzz/run.mjs [--seconds N] [READER…]
import { parseArgs } from "node:util";
import { execute, keep } from "./execute.mjs";
import { readers } from "./readers.mjs";

const { values, positionals } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, from: { type: "string", default: "0" } },
  allowPositionals: true,
});
const all = await readers();
const chosen = positionals.length ? all.filter(({ name }) => positionals.includes(name)) : all;
if (chosen.length < positionals.length) {
  console.error(`readers: ${all.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
let failed = 0;
for (const reader of chosen) {
  const seconds = Number(values.seconds) / chosen.length;
  const { executions, rate, slowest, failures } = await execute(reader, { seconds, from: Number(values.from) });
  keep(reader, failures);
  failed += failures.length;
  console.log(
    `${reader.name}: ${executions} executions, ${Math.round(rate)} a second, the slowest ${Math.round(slowest)} ms, ${failures.length} failed`,
  );
  for (const { number, why } of failures) console.log(`  --from ${number} ${reader.name}: ${why}`);
}
process.exit(failed ? 1 : 0);
