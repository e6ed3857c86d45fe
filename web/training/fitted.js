// A network's description with an input and a last layer that fit the data which it is to learn.

/** @typedef {import("../convscope.js").KerasConfig} KerasConfig */
/** @typedef {{ training: { shape: readonly number[] }, classes: readonly string[] }} Data */

/** What Keras has called the shape of an input. */
const SHAPES = ["batch_shape", "batch_input_shape"];
/** What says how many outputs a layer has, in Keras' order of age. */
const COUNTS = ["units", "filters"];
/** A layer that divides bytes by 255 does so nearly exactly. */
const NEARLY = 0.02;

/** @param {KerasConfig} network */
const layersOf = ({ config }) => /** @type {KerasConfig[]} */ (config["layers"] ?? []);

/** @param {readonly unknown[]} sizes */
const product = (sizes) => sizes.reduce((/** @type {number} */ all, size) => all * Number(size), 1);

/** The layer with a name for one of these arguments. @param {KerasConfig} layer @param {string[]} names */
const argumentOf = ({ config }, names) => names.find((name) => config[name] !== undefined && config[name] !== null);

/**
 * What of a network is other than the data needs.
 *
 * @param {KerasConfig} network
 * @param {Data} data
 */
function differences(network, { training: { shape }, classes }) {
  const layers = layersOf(network);
  const input = layers.findIndex((layer) => argumentOf(layer, SHAPES));
  const output = layers.findLastIndex((layer) => COUNTS.some((name) => typeof layer.config[name] === "number"));
  const sizes =
    input < 0 ? [] : /** @type {unknown[]} */ (layers[input].config[argumentOf(layers[input], SHAPES) ?? ""]).slice(1);
  const count = output < 0 ? undefined : COUNTS.find((name) => typeof layers[output].config[name] === "number");
  const outputs = count && Number(layers[output].config[count]);
  const isOther =
    input >= 0 && (product(sizes) !== product(shape) || (sizes.length === 3 && sizes.join() !== shape.join()));
  return {
    input: isOther ? { at: input, sizes } : undefined,
    output: count && outputs !== classes.length ? { at: output, count, outputs } : undefined,
  };
}

/**
 * @param {KerasConfig} network as Keras writes it
 * @param {Data} data that it is to learn
 * @returns {KerasConfig} the same where it fits already
 */
export function fitted(network, data) {
  const { input, output } = differences(network, data);
  if (!input && !output) return network;
  const layers = layersOf(network).map((layer, index) => {
    const config = { ...layer.config };
    const shape = index === input?.at && argumentOf(layer, SHAPES);
    if (shape) config[shape] = [null, ...data.training.shape];
    if (output && index === output.at) config[output.count] = data.classes.length;
    // How it was built says the shapes of before.
    const { build_config: _, ...rest } = layer;
    return { ...rest, config };
  });
  return { ...network, config: { ...network.config, layers } };
}

/**
 * What was changed, in a sentence; empty where nothing was.
 *
 * @param {KerasConfig} network
 * @param {Data} data
 */
export function fittedWords(network, data) {
  const { input, output } = differences(network, data);
  const changes = [
    input && `its input is ${data.training.shape.join("×")} instead of ${input.sizes.join("×")}`,
    output && `its last layer has ${data.classes.length} outputs instead of ${output.outputs}`,
  ].filter((change) => change);
  const fits = changes.length ? `To fit this data, ${changes.join(", and ")}.` : "";
  const scaling = layersOf(network).find(
    ({ config }) => typeof config["scale"] === "number" && Math.abs(config["scale"] * 255 - 1) < NEARLY,
  );
  const dark =
    scaling &&
    `Its layer ${scaling.config["name"]} divides pixels by 255, for bytes from 0 to 255. Here they run from 0 to 1 already, so ` +
      "that it sees nearly black images: take that layer out, or set its scale to 1.";
  return [fits, dark].filter((sentence) => sentence).join(" ");
}

/** @param {Data & { title: string }} data where a network of its size cannot be built */
export const cannotFit = ({ title, training }) =>
  `The images of ${title} are ${training.shape.join("×")}; this network is made for others. Choose another network or other data.`;
