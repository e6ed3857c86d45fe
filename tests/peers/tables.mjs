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
 * Operations a second by the layers' definition, with the share of the peak where it was measured: "12.3 (41 %)".
 * @param {Result} result
 * @param {Result[]} results
 */
export const speedAndShare = (result, results) => shown(result, speeds(result), results);

/**
 * The same of the operations that the candidate's method needs, where it tells.
 * @param {Result} result
 * @param {Result[]} results
 */
export const neededSpeedAndShare = (result, results) =>
  result.needed === undefined
    ? "–"
    : shown(
        result,
        result.rates.map((rate) => rate * 2 * result.needed),
        results,
      );

function shown(result, speed, results) {
  const peak = find(results, result, result.candidate.peak ?? "");
  const share = peak?.rates.length ? ` (${Math.round(100 * medianRatio(speed, peak.rates))} %)` : "";
  return `${(median(speed) / 1e9).toFixed(1)}${share}`;
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
    const needed = candidate.spins ? "" : neededSpeedAndShare(result, results);
    return [...work, candidate.spins ? "" : rounded(median(rates)), speedAndShare(result, results), needed];
  });
  return aligned([["workload", "mode", "batch", "who", "images/s", "GFLOP/s (of peak)", "needed"], ...rows], 4);
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
