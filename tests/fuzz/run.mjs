// Runs the readers of the page for long: node tests/fuzz/run.mjs [--seconds N] [--executions N] [READER…]
import { parseArgs } from "node:util";
import { execute, keep } from "./execute.mjs";
import { readers } from "./readers.mjs";

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: "string" },
    executions: { type: "string" },
    from: { type: "string", default: "0" },
  },
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
  // With a number of executions alone, however long so many take.
  const seconds = Number(values.seconds ?? (values.executions ? Infinity : 60)) / chosen.length;
  const { executions, rate, slowest, failures } = await execute(reader, {
    executions: Number(values.executions ?? Infinity),
    seconds,
    from: Number(values.from),
  });
  keep(reader, failures);
  failed += failures.length;
  const largest = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  console.log(
    `${reader.name}: ${executions} executions, ${Math.round(rate)} a second, the slowest ${Math.round(slowest)} ms, the process at most ${largest} MiB, ${failures.length} failed`,
  );
  for (const { number, why } of failures) console.log(`  --from ${number} ${reader.name}: ${why}`);
}
process.exit(failed ? 1 : 0);
