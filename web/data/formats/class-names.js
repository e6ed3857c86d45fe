// What the labels of known data sets stand for, as their makers name them.

import { DIGITS } from "../digits.js";

/** @param {string} text */
const words = (text) => text.split(" ").map((word) => word.replaceAll("_", " "));

export const CAPITALS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const SMALL = CAPITALS.map((letter) => letter.toLowerCase());

/** Xiao, Rasul, Vollgraf 2017. */
const CLOTHES = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/** Krizhevsky 2009. */
export const CIFAR_10 = words("airplane automobile bird cat deer dog frog horse ship truck");
export const CIFAR_100 = words(
  "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle " +
    "caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant " +
    "flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man " +
    "maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree " +
    "plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper " +
    "snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train " +
    "trout tulip turtle wardrobe whale willow_tree wolf woman worm",
);

/** The letters whose small and capital forms differ enough: the others are one class (Cohen et al. 2017). */
const MERGED = [...DIGITS, ...CAPITALS, ..."abdefghnqrt"];

/** EMNIST's six splits, by the word in their files' names. @type {Record<string, { classes: string[], first: number }>} */
const EMNIST = {
  byclass: { classes: [...DIGITS, ...CAPITALS, ...SMALL], first: 0 },
  bymerge: { classes: MERGED, first: 0 },
  balanced: { classes: MERGED, first: 0 },
  // Its labels start at 1; capital and small letters are one class.
  letters: { classes: CAPITALS, first: 1 },
  digits: { classes: DIGITS, first: 0 },
  mnist: { classes: DIGITS, first: 0 },
};

/**
 * @typedef {object} Known
 * @property {string} title
 * @property {readonly string[]} classes
 * @property {number} first label
 */

/** How the training labels and the test labels of data sets begin whose files have the same names. */
const BEGINNINGS = [
  { title: "MNIST", begins: ["5041921314", "7210414959"], classes: DIGITS },
  { title: "Fashion-MNIST", begins: ["9003027255", "9211614657"], classes: CLOTHES },
];

/** @type {{ title: string, named: RegExp, classes: string[] }[]} */
const NAMED = [
  { title: "Fashion-MNIST", named: /fashion/i, classes: CLOTHES },
  { title: "Kuzushiji-MNIST", named: /kmnist|kuzushiji/i, classes: Array.from("おきすつなはまやれを") },
  { title: "Sign Language MNIST", named: /sign.?(language)?.?mnist/i, classes: CAPITALS },
  { title: "CIFAR-100", named: /cifar.?100/i, classes: CIFAR_100 },
  { title: "CIFAR-10", named: /cifar.?10/i, classes: CIFAR_10 },
];

/**
 * A data set that is known by the name of a file, or by its first labels: Fashion-MNIST's own files are called as MNIST's.
 *
 * @param {readonly string[]} names of its files
 * @param {ArrayLike<number | string>} labels of the training images
 * @returns {Known | undefined}
 */
export function knownSet(names, labels) {
  const split = names.map((name) => /emnist.?([a-z]+)/i.exec(name)?.[1].toLowerCase()).find((word) => word);
  if (split && Object.hasOwn(EMNIST, split)) return { title: `EMNIST ${split}`, ...EMNIST[split] };
  const named = NAMED.find(({ named }) => names.some((name) => named.test(name)));
  const begins = Array.from({ length: Math.min(10, labels.length) }, (_, index) => labels[index]).join("");
  const found = named ?? BEGINNINGS.find((one) => one.begins.includes(begins));
  return found && { title: found.title, classes: found.classes, first: 0 };
}
