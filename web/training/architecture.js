// Variants of a network that differ in one thing, for fair comparisons.

/** @typedef {{ class_name: string, config: Record<string, any> }} Layer */
/**
 * @typedef {object} Variation
 * @property {number} [l1] penalty on the sum of the absolute values of every kernel; 0 if left out
 * @property {number} [l2] penalty on the sum of the squares of every kernel; 0 if left out
 * @property {number} [dropout] the rate of all Dropout layers, of which there is then at least one before the last
 *   layer; as the network has it if left out
 * @property {boolean} [batchNormalization] whether a BatchNormalization follows every layer with a kernel but the last
 */

/** @param {Layer} layer */
const hasKernel = ({ class_name }) => /^(Dense|.*Conv2D)$/.test(class_name);

/**
 * @param {{ class_name: string, config: Record<string, any> }} network as `keras.Sequential.to_json()` writes it
 * @param {Variation} variation
 */
export function varied(network, { l1 = 0, l2 = 0, dropout, batchNormalization = false }) {
  /** @type {Layer[]} */
  let layers = network.config["layers"];
  if (dropout !== undefined) layers = withDropout(layers, dropout);
  if (l1 || l2) layers = layers.map((layer) => penalized(layer, { class_name: "L1L2", config: { l1, l2 } }));
  if (batchNormalization) layers = normalized(layers);
  return { ...network, config: { ...network.config, layers } };
}

/** @param {Layer} layer @param {Layer} regularizer @returns {Layer} */
function penalized(layer, regularizer) {
  if (!hasKernel(layer)) return layer;
  const field = layer.class_name === "DepthwiseConv2D" ? "depthwise_regularizer" : "kernel_regularizer";
  return { ...layer, config: { ...layer.config, [field]: regularizer } };
}

/** @param {Layer[]} layers @param {number} rate @returns {Layer[]} */
function withDropout(layers, rate) {
  if (layers.some(({ class_name }) => class_name === "Dropout")) {
    return layers.map((layer) =>
      layer.class_name === "Dropout" ? { ...layer, config: { ...layer.config, rate } } : layer,
    );
  }
  const dropout = { class_name: "Dropout", config: { name: "dropout", rate } };
  return rate ? layers.toSpliced(layers.findLastIndex(hasKernel), 0, dropout) : layers;
}

/** @param {Layer[]} layers @returns {Layer[]} */
function normalized(layers) {
  const last = layers.findLastIndex(hasKernel);
  return layers.flatMap((layer, index) =>
    hasKernel(layer) && index < last
      ? [layer, { class_name: "BatchNormalization", config: { name: `${layer.config["name"]}_bn` } }]
      : [layer],
  );
}
