// What is drawn over the lines of a chart: places that are named, and where a line leaves the chart.

/** @typedef {{ x: number, text: string }} Mark a place on the common axis */
/** @typedef {import("uplot")} Chart */

/** Half the width of the mark of a line that leaves the chart, in CSS pixels. */
const HALF = 5;

/**
 * Upright lines at places, with their names.
 * @param {Chart} chart
 * @param {Mark[]} marks
 * @param {{ colour: string, paper: string, font: string }} drawn
 */
export function drawMarks(chart, marks, { colour, paper, font }) {
  const { ctx: context, bbox: box } = chart;
  const ratio = devicePixelRatio || 1;
  context.save();
  context.fillStyle = colour;
  context.lineJoin = "round";
  context.font = font;
  context.textBaseline = "top";
  for (const { x, text } of marks) {
    const across = chart.valToPos(x, "x", true);
    if (across < box.left - 1 || across > box.left + box.width + 1) continue;
    context.strokeStyle = colour;
    context.lineWidth = ratio;
    context.setLineDash([2 * ratio, 2 * ratio]);
    context.beginPath();
    context.moveTo(across, box.top);
    context.lineTo(across, box.top + box.height);
    context.stroke();
    const roomRight = box.left + box.width - across > context.measureText(text).width + 8 * ratio;
    context.textAlign = roomRight ? "left" : "right";
    const from = across + (roomRight ? 4 : -4) * ratio;
    // Legible over whatever line is there.
    context.strokeStyle = paper;
    context.lineWidth = 4 * ratio;
    context.setLineDash([]);
    context.strokeText(text, from, box.top + 2 * ratio);
    context.fillText(text, from, box.top + 2 * ratio);
  }
  context.restore();
}

/** Triangles at the upper edge, where lines are above the chart. @param {Chart} chart */
export function drawLeaving(chart) {
  const { ctx: context, bbox: box, data, series } = chart;
  const { max = Infinity } = chart.scales["y"];
  const half = HALF * (devicePixelRatio || 1);
  context.save();
  for (let line = 1; line < series.length; line++) {
    const { stroke } = series[line];
    context.fillStyle = /** @type {string} */ (typeof stroke === "function" ? stroke(chart, line) : stroke);
    let last = -Infinity;
    for (const [index, value] of Array.from(data[line]).entries()) {
      if (typeof value !== "number" || value <= max) continue;
      const across = chart.valToPos(data[0][index], "x", true);
      // One beside the other, not one over the other.
      if (across - last < 2 * half) continue;
      last = across;
      context.beginPath();
      context.moveTo(across, box.top);
      context.lineTo(across - half, box.top + 2 * half);
      context.lineTo(across + half, box.top + 2 * half);
      context.fill();
    }
  }
  context.restore();
}
