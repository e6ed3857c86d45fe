// What was measured, as text.
import { median, medianRatio } from "./statistics.mjs";
import { operations } from "./workloads.mjs";

/** @typedef {import("./contest.mjs").Result} Result */

/** A number with three digits that count. */
export const rounded = (value) => value.toLocaleString("en", { maximumSignificantDigits: value < 1000 ? 3 : 4 });

/**
 * @param {Result[]} results
 * @returns {string}  With aligned columns, for a terminal.
 */
export function plainTable(results) {
  const rows = results.map((result) => {
    const { workload, mode, batch, candidate, rates, cannot } = result;
    const work = [workload.name, mode, String(batch), candidate.name];
    if (cannot) return [...work, `cannot: ${cannot}`];
    const speed = candidate.spins ? median(rates) : median(rates) * operations(workload, mode);
    const share = shareOfPeak(result, results);
    return [...work, candidate.spins ? "" : rounded(median(rates)), (speed / 1e9).toFixed(1), share ? percent(share) : ""];
  });
  return aligned([["workload", "mode", "batch", "who", "images/s", "GFLOP/s", "of peak"], ...rows]);
}

/**
 * The part of the peak that was measured in the same rounds.
 * @param {Result} result
 * @param {Result[]} results
 */
export function shareOfPeak({ workload, mode, batch, candidate, rates }, results) {
  const peak = results.find(
    (other) => other.candidate.name === candidate.peak && other.workload === workload && other.mode === mode && other.batch === batch,
  );
  return peak && medianRatio(rates.map((rate) => rate * operations(workload, mode)), peak.rates);
}

export const percent = (share) => `${Math.round(100 * share)} %`;

/** Numbers end where the column does. */
function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => (column < 4 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join("  "))
    .join("\n");
}
