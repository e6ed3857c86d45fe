/** One plane after the other. @param {Float32Array} values [cells, channels] @param {number} channels */
export function channelsFirst(values, channels) {
  if (channels === 1) return values;
  const cells = values.length / channels;
  return values.map((_, index) => values[(index % cells) * channels + Math.floor(index / cells)]);
}
