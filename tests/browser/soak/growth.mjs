// Whether what a page holds stays bounded.

export const MEGABYTE = 2 ** 20;

/**
 * What is measured. `growth` is the most that it may grow by from the second quarter of the time to the last, once the first
 * has warmed the page up; `most` is the most that it may ever be.
 * @typedef {Record<string, { growth?: number, most?: number, shown: (value: number) => string }>} Measures
 */

export function inMegabytes(bytes) {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

/** @param {Measures} measures @param {Record<string, number>} sample @returns {string} on one line */
export function told(measures, sample) {
  return Object.entries(measures)
    .map(([name, { shown }]) => `${name} ${shown(sample[name])}`)
    .join("  ");
}

function median(values) {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

/** @param {Measures} measures @param {Record<string, number>[]} samples @returns {Record<string, number>} by how much each grew */
function growthOf(measures, samples) {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const typical = (part, name) => median(part.map((sample) => sample[name]));
  const grown = (name) => typical(samples.slice(-quarter), name) - typical(samples.slice(quarter, 2 * quarter), name);
  return Object.fromEntries(Object.keys(measures).map((name) => [name, grown(name)]));
}

/**
 * Prints by how much each has grown.
 * @param {string} title of what was done
 * @param {Measures} measures
 * @param {Record<string, number>[]} samples in their order, four at least
 * @returns {string[]} what grew too much or is too large, in words
 */
export function faults(title, measures, samples) {
  if (samples.length < 4) return [`${title}: four samples are needed, there was time for ${samples.length}`];
  const grown = growthOf(measures, samples);
  console.log(`${title}: growth from the second quarter to the last:  ${told(measures, grown)}`);
  return Object.entries(measures).flatMap(([name, { growth = Infinity, most = Infinity, shown }]) => {
    const largest = Math.max(...samples.map((sample) => sample[name]));
    return [
      ...(grown[name] > growth
        ? [`${title}: ${name} grew by ${shown(grown[name])}, ${shown(growth)} is the most`]
        : []),
      ...(largest > most ? [`${title}: ${name} came to ${shown(largest)}, ${shown(most)} is the most`] : []),
    ];
  });
}
