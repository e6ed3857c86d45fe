// What the race says.

/** @typedef {import("../../ui/lesson.js").Lesson} Lesson */

const SAME = "All start from the same random weights and see the same examples in the same order";

/** @type {Record<import("./experiment.js").Subject, Lesson>} */
export const LESSONS = {
  optimizers: {
    caption:
      `${SAME}, 32 to a mini-batch. What differs is how the optimiser turns a gradient into a step, and its learning ` +
      "rate: each has the one with which it learns fastest. RMSprop, Adam and Adamax are ahead in the first epoch; by the " +
      "fifth little is left of it.",
    question: {
      text: "does the order stay when all get the same learning rate?",
      because:
        "No. Adam’s best rate is a twentieth of SGD’s here, and Momentum’s a tenth, since it sums some ten steps. An " +
        "optimiser is only as good as the rate that was chosen for it: change the rates below and see.",
    },
  },
  batches: {
    caption:
      `${SAME}, under plain SGD. What differs is how many examples one gradient is the mean of, and the learning rate: ` +
      "each batch size has the one with which it learns fastest. After as many examples, mini-batches of 32 are about as " +
      "far as single examples; the whole set, with one step an epoch, is far behind.",
    question: {
      text: "why not always one example at a time?",
      because:
        "The gradient of one example is noisy, so it bears only a small learning rate, and each step uses the processor " +
        "badly: an example costs more time. The mean over the whole set is exact, but a step 1,000 times as dear does not " +
        "bear 1,000 times the rate. A mini-batch is the compromise: many steps an epoch, little noise, cheap examples.",
    },
  },
};

/** How the learning rates were chosen, by what is compared. @type {Record<import("./experiment.js").Subject, string>} */
export const RATES = {
  optimizers:
    "Learning rates: for LeNet-5 on 2,000 images of MNIST, the one of 0.001, 0.002, 0.005, 0.01… with the lowest training " +
    "loss over 5 epochs. Another network may need others.",
  batches:
    "Learning rates: for the MLP on 1,000 images of MNIST, the one of 0.001, 0.002, 0.005, 0.01… with the lowest training " +
    "loss over 30 epochs. Another network may need others.",
};

export const ONE_RATE = "one rate for all";
export const ONE_RATE_TITLE = "All batch sizes get the learning rate 0.1.";
export const ONE_RATE_NOTE =
  "With 0.1 for all, B = 1 jumps about: one example is too noisy for such long steps. For the whole set, which takes one " +
  "step an epoch, 0.1 is too small. Whoever compares batch sizes at one rate compares how well that rate suits each.";

/** @param {string} network @param {string} data */
export const recordedRun = (network, data) =>
  `A recorded run of ${network} on the ${data}, seed 0. Train runs it here and now.`;

/** Of a table of runners, by what is compared. */
export const COLUMNS = {
  optimizers: "optimiser",
  batches: "batch size",
  rest: ["learning rate", "steps", "examples", "training loss", "validation accuracy", "seconds"],
};
