// Every view, in the order of the lecture. The page's menu and titles, the views to choose from in a snippet, the README's list
// and the screenshots are made of it, or held against it by a test.

/**
 * @typedef {object} ViewEntry
 * @property {string} name the `view` of an element and of an address; its element is `convscope-` with that name
 * @property {string} title
 * @property {string} sentence what there is to see, for the menu
 * @property {boolean} [withoutModel] whether it shows no network of the session's: none is loaded for it, and it says
 *   itself when it is ready
 * @property {() => Promise<unknown>} load A view's code loads where the view is used.
 */

/** @type {{ title: string, views: ViewEntry[] }[]} */
export const GROUPS = [
  {
    title: "The network",
    views: [
      {
        name: "playground",
        title: "The whole network",
        sentence: "Draw a digit; every map of every layer responds as you draw.",
        load: () => import("./views/playground/playground.js"),
      },
      {
        name: "draw",
        title: "Pad and answer",
        sentence: "A drawing pad and the ten probabilities, nothing else.",
        load: () => import("./views/draw/draw.js"),
      },
      {
        name: "feature-maps",
        title: "Feature maps alone",
        sentence: "The feature maps of one layer, or of all layers.",
        load: () => import("./views/feature-maps/feature-maps.js"),
      },
      {
        name: "architecture",
        title: "Build a network",
        sentence: "Layers to add, move and change beside the Keras code, each with its numbers and formulas.",
        load: () => import("./views/architecture/architecture.js"),
      },
    ],
  },
  {
    title: "Convolution",
    views: [
      {
        name: "convolution",
        title: "Patch times kernel, summed",
        sentence: "Slide kernels over a pattern or a colour picture, and change any number.",
        withoutModel: true,
        load: () => import("./views/convolution/convolution.js"),
      },
      {
        name: "unit",
        title: "One unit, down to each multiply and add",
        sentence: "The arithmetic of any unit of the network; its weights can be changed by hand.",
        load: () => import("./views/unit/unit.js"),
      },
    ],
  },
  {
    title: "Padding and stride",
    views: [
      {
        name: "padding",
        title: "Padding, stride and output size",
        sentence: "Where the windows begin, which cells none of them covers, and the formula for the output size.",
        withoutModel: true,
        load: () => import("./views/padding/padding.js"),
      },
    ],
  },
  {
    title: "Pooling",
    views: [
      {
        name: "pooling",
        title: "Max pooling, average pooling, strided convolution",
        sentence: "Three ways to make a map smaller, side by side.",
        withoutModel: true,
        load: () => import("./views/pooling/pooling.js"),
      },
    ],
  },
  {
    title: "Depth",
    views: [
      {
        name: "receptive-field",
        title: "What a unit sees, layer by layer",
        sentence: "The receptive field of any unit: how it grows, and which of its pixels matter.",
        load: () => import("./views/receptive-field/receptive-field.js"),
      },
    ],
  },
  {
    title: "What units look for",
    views: [
      {
        name: "filters",
        title: "Strongest patches and their projections",
        sentence: "What makes each filter respond most, as Zeiler and Fergus showed it.",
        load: () => import("./views/filters/filters.js"),
      },
      {
        name: "why",
        title: "What an answer rests on",
        sentence: "Saliency, occlusion and the most similar examples for your drawing.",
        load: () => import("./views/why/why.js"),
      },
    ],
  },
  {
    title: "MLP against CNN",
    views: [
      {
        name: "shift",
        title: "An MLP and a CNN on a digit that moves",
        sentence: "Why weights are shared: move the digit, and see which network still reads it.",
        withoutModel: true,
        load: () => import("./views/shift/shift.js"),
      },
    ],
  },
  {
    title: "Training",
    views: [
      {
        name: "train",
        title: "A network that learns as you watch",
        sentence: "It starts from random weights: watch its curves, its mistakes and its answer to your digit.",
        load: () => import("./views/train/train.js"),
      },
      {
        name: "activations",
        title: "Activation functions and their slopes",
        sentence: "What each function does to the gradient, and to a network that learns with it.",
        withoutModel: true,
        load: () => import("./views/activations/activations.js"),
      },
    ],
  },
  {
    title: "Optimisers",
    views: [
      {
        name: "race",
        title: "Optimisers and batch sizes compared",
        sentence: "The same network from the same start, trained several times at once.",
        load: () => import("./views/race/race.js"),
      },
      {
        name: "error-surface",
        title: "How optimisers descend",
        sentence: "Their paths on surfaces known to be difficult, and on the surface of a real network.",
        withoutModel: true,
        load: () => import("./views/error-surface/error-surface.js"),
      },
    ],
  },
  {
    title: "Overfitting",
    views: [
      {
        name: "overfitting",
        title: "Too few examples, and what helps",
        sentence: "Early stopping, L2, dropout and augmentation for a network that memorises its examples.",
        load: () => import("./views/overfitting/overfitting.js"),
      },
    ],
  },
  {
    title: "Data",
    views: [
      {
        name: "data",
        title: "What the network learns from",
        sentence: "The examples, how they are varied, and digits of your own.",
        withoutModel: true,
        load: () => import("./views/data/data.js"),
      },
      {
        name: "embedding",
        title: "A map of the data",
        sentence: "Examples, each placed by what the network makes of it.",
        load: () => import("./views/embedding/embedding.js"),
      },
    ],
  },
];

export const VIEWS = GROUPS.flatMap(({ views }) => views);

/** What is shown where nothing else is asked for. */
export const FIRST_VIEW = VIEWS[0];

/** @param {string | null | undefined} name */
export const viewNamed = (name) => VIEWS.find((view) => view.name === name);
