/** What a network with a softmax can make small, by Keras' names. */
export const LOSSES = [
  { name: "sparse_categorical_crossentropy", title: "cross-entropy" },
  { name: "mean_squared_error", title: "mean squared error" },
];

/** What networks here learn by where there is nothing to choose. */
export const CROSS_ENTROPY = LOSSES[0].name;

/** The axis of a loss before there is one: up to a little above that of guessing among ten classes, ln 10 = 2.30. */
export const GUESSING = /** @type {[number, number]} */ ([0, 2.5]);
/** A loss that has risen to so many times its first is marked at the edge of a chart: the rest stays legible. */
export const MOST_OF_FIRST = 3;
