/** What a network with a softmax can make small, by Keras' names. */
export const LOSSES = [
  { name: "sparse_categorical_crossentropy", title: "cross-entropy" },
  { name: "mean_squared_error", title: "mean squared error" },
];

/** What networks here learn by where there is nothing to choose. */
export const CROSS_ENTROPY = LOSSES[0].name;
