// One ramp per meaning, as ColorBrewer drew them: RdBu for signed activations, its blue half for
// non-negative ones, PuOr for weights, ink for pixels, Greens for what is right. In the dark theme each ramp runs from
// the page's dark to its lightest colour, so that zero is always the colour of the paper.

/** @typedef {"activation" | "weight" | "ink" | "accuracy"} Meaning */

/** The paper behind every map; also `--paper` in theme.js. */
export const PAPER = { light: "#ffffff", dark: "#131518" };

/** @type {Record<"light" | "dark", Record<Meaning, { negative: string[], positive: string[] }>>} */
const RAMPS = {
  light: {
    activation: {
      negative: ["#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f"],
      positive: ["#d1e5f0", "#92c5de", "#4393c3", "#2166ac", "#053061"],
    },
    weight: {
      negative: ["#fee0b6", "#fdb863", "#e08214", "#b35806", "#7f3b08"],
      positive: ["#d8daeb", "#b2abd2", "#8073ac", "#542788", "#2d004b"],
    },
    ink: { negative: ["#d6604d"], positive: ["#15171a"] },
    accuracy: { negative: [PAPER.light], positive: ["#e5f5e0", "#a1d99b", "#41ab5d", "#006d2c", "#00441b"] },
  },
  dark: {
    activation: {
      negative: ["#4d0a1b", "#a31a2b", "#d6604d", "#f4a582", "#fddbc7"],
      positive: ["#10386a", "#2467a8", "#4393c3", "#92c5de", "#d9ecf7"],
    },
    weight: {
      negative: ["#4a2406", "#a35107", "#e08214", "#fdb863", "#fee9c9"],
      positive: ["#2c1450", "#5b3a94", "#8677b5", "#b9b2d8", "#e6e4f3"],
    },
    ink: { negative: ["#d6604d"], positive: ["#f4f5f6"] },
    accuracy: { negative: [PAPER.dark], positive: ["#00331a", "#006d2c", "#41ab5d", "#a1d99b", "#e5f5e0"] },
  },
};

const STEPS = 255;

/** The colour of what is no number, in both themes: a grey that is in no ramp. */
const NO_NUMBER = 0xff808080;

/** @param {string} hex @returns {[red: number, green: number, blue: number]} 0 to 255 */
export function channels(hex) {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** @param {string[]} stops @param {number} position 0 to 1 @returns {[number, number, number]} */
function mix(stops, position) {
  const place = position * (stops.length - 1);
  const index = Math.min(Math.floor(place), stops.length - 2);
  const [from, to] = [channels(stops[index]), channels(stops[index + 1])];
  const blend = (/** @type {0 | 1 | 2} */ i) => Math.round(from[i] + (to[i] - from[i]) * (place - index));
  return [blend(0), blend(1), blend(2)];
}

/**
 * A table of 511 colours as ImageData words (little-endian RGBA): entry 255 is zero, 0 is −1, 510 is +1.
 * @param {Meaning} meaning
 * @param {boolean} dark
 */
function table(meaning, dark) {
  const theme = dark ? "dark" : "light";
  const { negative, positive } = RAMPS[theme][meaning];
  const words = new Uint32Array(2 * STEPS + 1);
  for (let i = -STEPS; i <= STEPS; i++) {
    const [r, g, b] = mix([PAPER[theme], ...(i < 0 ? negative : positive)], Math.abs(i) / STEPS);
    words[i + STEPS] = (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
  }
  return words;
}

/** @type {Map<string, Uint32Array>} */
const tables = new Map();

/**
 * The colours of one meaning in one theme.
 * @param {Meaning} meaning
 * @param {boolean} dark
 */
export function colours(meaning, dark) {
  const key = `${meaning} ${dark}`;
  let words = tables.get(key);
  if (!words) tables.set(key, (words = table(meaning, dark)));
  return words;
}

/**
 * The colour of `value` where `limit` is full colour, as a word of ImageData. What is no number is grey.
 * @param {Uint32Array} words from {@link colours}
 * @param {number} value
 * @param {number} limit above 0
 */
export function word(words, value, limit) {
  const step = Math.round((value / limit) * STEPS) + STEPS;
  return words[Math.min(Math.max(step, 0), 2 * STEPS)] ?? NO_NUMBER;
}

/** @param {number} colour from {@link word} */
export function css(colour) {
  return `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})`;
}

/** @param {number} channel 0 to 255 @returns {number} its light, 0 to 1: sRGB's curve, nearly */
function light(channel) {
  return (channel / 255) ** 2.2;
}

/**
 * Where black and white stand out equally from a colour, by the contrast of WCAG 2: (1 + 0.05) / (l + 0.05) = (l +
 * 0.05) / 0.05.
 */
const EVEN = Math.sqrt(1.05 * 0.05) - 0.05;

/** @param {number} colour from {@link word} @returns {boolean} whether black text reads better on it than white */
export function isLight(colour) {
  const [red, green, blue] = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255].map(light);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > EVEN;
}
