// A colour for each class, beside its printed name: as d3's "Tableau 10" orders them, darker on white and lighter on
// black, so that a character in them can be read on either paper.

const LIGHT = [
  "#31639c",
  "#b35a00",
  "#b3262d",
  "#27716c",
  "#3a7a2f",
  "#7a6200",
  "#8a4a7e",
  "#b8386a",
  "#6f4e37",
  "#5c5654",
];
const DARK = [
  "#7fb0e6",
  "#f7a355",
  "#ff8587",
  "#7cc7c0",
  "#86cf79",
  "#f0d060",
  "#cf9bc4",
  "#ffa6b3",
  "#c9a184",
  "#cfc8c4",
];

/** @param {number} index of the class @param {boolean} dark */
export function classColour(index, dark) {
  const colours = dark ? DARK : LIGHT;
  return colours[index % colours.length];
}
