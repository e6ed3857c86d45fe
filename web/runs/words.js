// The sentences of charts and of what is chosen to be learnt.

/** @param {string} caption @param {string} unit of the common axis */
export const chartName = (caption, unit) => `${caption} by ${unit}. The arrow keys read its values; a table follows.`;

/** @param {string} most the largest value */
export const leavesChart = (most) => `▲ above the chart, up to ${most}`;

export const BELOW_LOGARITHM = "▼ 0 or less: a logarithmic axis has no place for it";
