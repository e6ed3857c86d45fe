// A colour for each class, beside its printed name: apart in hue and lightness where digits are near each other in most
// maps (4 and 9, 3 and 5, 2 and 7, 0 and 6), also for people who see no red or no green. Marks have the ink's colour, so
// none of these is grey.

const LIGHT = [
  "#1f4e9c",
  "#d0304a",
  "#7b4a2d",
  "#00795a",
  "#0086b8",
  "#c45a00",
  "#7a3fb5",
  "#6d7a00",
  "#4a5f8f",
  "#b3127a",
];
const DARK = [
  "#82b1ff",
  "#ff7f93",
  "#d8ab8d",
  "#4fd1a5",
  "#5ccdf5",
  "#ffa04d",
  "#c4a0f5",
  "#c3d14f",
  "#a9bbe0",
  "#ff8fd0",
];

/** @param {number} index of the class @param {boolean} dark */
export function classColour(index, dark) {
  const colours = dark ? DARK : LIGHT;
  return colours[index % colours.length];
}
