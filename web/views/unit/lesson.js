/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "Every cell of a feature map is one unit: the patch under its window times the kernel, cell by cell, summed over the window and over all channels, plus a bias, through the activation. All units of a map share the same weights, only the window moves.",
  question: {
    text: "a filter on a layer with 12 maps sums what its kernel gives on …",
    answers: ["one of them", "all 12 of them", "the strongest one"],
    right: 1,
    because:
      "A filter has one kernel slice for each input map; what they give is summed into one number, which is one cell of one map.",
  },
};
