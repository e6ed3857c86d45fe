// Runs the readers of the page for long: node tests/fuzz/run.mjs [--seconds N] [--executions N] [READER…]
import { parseArgs } from "node:util";
import { execute, keep } from "./execute.mjs";
import { readers } from "./readers.mjs";
import { watch } from "./watch.mjs";

const MOST_MEBIBYTES = 1024;
// Most inputs are refused, and a stack costs more than reading them; the tests, which read what failed again, have it.
Error.stackTraceLimit = 0;

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
  const { begin, end } = watch(reader);
  const bounds = { executions: Number(values.executions ?? Infinity), seconds, from: Number(values.from) };
  const { executions, accepted, rate, slowest, failures } = await execute(reader, bounds, begin);
  end();
  keep(reader, failures);
  failed += failures.length;
  const share = Math.round((100 * accepted) / executions);
  const largest = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${reader.name}: ${executions} executions, ${share} % accepted, ${Math.round(rate)} a second, the slowest ${Math.round(slowest)} ms, the process at most ${largest} MiB, ${failures.length} failed`,
  );
  for (const { number, why } of failures) console.log(`  --from ${number} ${reader.name}: ${why}`);
  if (largest > MOST_MEBIBYTES) {
    console.log(`  ${MOST_MEBIBYTES} MiB is the most`);
    failed++;
  }
}
process.exit(failed ? 1 : 0);
