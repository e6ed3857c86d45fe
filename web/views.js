// Every view, in the order of the lecture. The page's menu, the views to choose from in a snippet, the README's list and
// the screenshots are made of it, or held against it by a test.

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
        sentence: "Draw a digit; every map of every layer answers as you draw.",
        load: () => import("./views/playground/playground.js"),
      },
      {
        name: "draw",
        title: "Pad and answer",
        sentence: "The drawing pad and ten probabilities, nothing else.",
        load: () => import("./views/draw/draw.js"),
      },
      {
        name: "feature-maps",
        title: "The maps alone",
        sentence: "The feature maps of one layer or of all.",
        load: () => import("./views/feature-maps/feature-maps.js"),
      },
    ],
  },
  {
    title: "Convolution",
    views: [
      {
        name: "convolution",
        title: "Patch times kernel, summed",
        sentence: "Slide kernels over a drawing or a pattern, and edit every number.",
        withoutModel: true,
        load: () => import("./views/convolution/convolution.js"),
      },
      {
        name: "unit",
        title: "One unit, down to each multiply and add",
        sentence: "The arithmetic of any unit of the network, with weights to change by hand.",
        load: () => import("./views/unit/unit.js"),
      },
    ],
  },
  {
    title: "Padding and stride",
    views: [
      {
        name: "padding",
        title: "Padding, stride and the output's size",
        sentence: "Where the windows begin, which cells none of them covers, and the formula of the size.",
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
        title: "Max, average and strided convolution",
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
        sentence: "The receptive field of any unit, how it grows, and which of its pixels count.",
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
        sentence: "What makes each filter answer most, as Zeiler and Fergus showed it.",
        load: () => import("./views/filters/filters.js"),
      },
      {
        name: "why",
        title: "What an answer rests on",
        sentence: "Saliency, occlusion and the nearest examples of what you have drawn.",
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
        sentence: "Why weights are shared: move the digit, and see which of the two still knows it.",
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
        sentence: "From random weights on, with its curves, its mistakes and your digit.",
        load: () => import("./views/train/train.js"),
      },
      {
        name: "activations",
        title: "Activation functions and their slopes",
        sentence: "What each function does to a gradient, and to one network that learns with it.",
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
        title: "Optimisers or batch sizes side by side",
        sentence: "One network from the same start, trained several times at once.",
        load: () => import("./views/race/race.js"),
      },
      {
        name: "error-surface",
        title: "How optimisers descend",
        sentence: "Their paths on surfaces that are known for their difficulty, and on a real network's.",
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
        sentence: "Early stopping, L2, dropout and augmentation against a network that learns by heart.",
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
        sentence: "Its examples and how they are varied, with digits of your own.",
        withoutModel: true,
        load: () => import("./views/data/data.js"),
      },
      {
        name: "embedding",
        title: "A map of the data",
        sentence: "Validation examples, each placed by what the network makes of it.",
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
