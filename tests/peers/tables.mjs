// What was measured, as text.
import { median, medianRatio } from "./statistics.mjs";
import { operations } from "./workloads.mjs";

/** @typedef {import("./contest.mjs").Result} Result */

/** Three digits that count, or all before the point. */
export const rounded = (value) =>
  value.toLocaleString("en", value < 1000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });

/**
 * Who was measured in the same rounds as a result, by name.
 * @param {Result[]} results
 * @param {Pick<Result, "workload" | "mode" | "batch">} field
 * @param {string} name
 */
export const find = (results, { workload, mode, batch }, name) =>
  results.find(
    (result) =>
      result.candidate.name === name && result.workload === workload && result.mode === mode && result.batch === batch,
  );

/**
 * How many times as fast one was as another, or undefined where one of them was not measured.
 * @param {Result | undefined} result
 * @param {Result | undefined} other
 */
export const ratio = (result, other) =>
  result?.rates.length && other?.rates.length ? medianRatio(speeds(result), speeds(other)) : undefined;

/**
 * Operations a second, with the share of the peak where it was measured: "12.3 (41 %)".
 * @param {Result} result
 * @param {Result[]} results
 */
export function speedAndShare(result, results) {
  const share = ratio(result, find(results, result, result.candidate.peak ?? ""));
  return `${(median(speeds(result)) / 1e9).toFixed(1)}${share === undefined ? "" : ` (${Math.round(100 * share)} %)`}`;
}

/** Operations a second in each round. */
const speeds = ({ workload, mode, candidate, rates }) =>
  candidate.spins ? rates : rates.map((rate) => rate * operations(workload, mode));

/** @param {Result[]} results */
export function plainTable(results) {
  const rows = results.map((result) => {
    const { workload, mode, batch, candidate, rates, cannot } = result;
    const work = [workload.name, mode, String(batch), candidate.name];
    if (cannot) return [...work, "cannot"];
    return [...work, candidate.spins ? "" : rounded(median(rates)), speedAndShare(result, results)];
  });
  return aligned([["workload", "mode", "batch", "who", "images/s", "GFLOP/s (of peak)"], ...rows], 4);
}

/**
 * Columns of one width: the first `texts` of them are text, the others numbers, which end where their column does.
 * @param {string[][]} rows
 * @param {number} texts
 */
export function aligned(rows, texts) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text, column) => (column < texts ? text.padEnd(widths[column]) : text.padStart(widths[column]));
  return rows.map((row) => row.map(cell).join("  ")).join("\n");
}

/** @param {string[][]} rows  The first is the head; the first column is text, the others are numbers. */
export function markdownTable([head, ...rows]) {
  const rule = head.map((_, column) => (column ? "---:" : "---"));
  return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
