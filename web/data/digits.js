import { isDrawable } from "./image-size.js";

/** The classes of MNIST, of generated digits and of drawings. */
export const DIGITS = Array.from("0123456789");

/** Whether the networks that come with the page read data: digits of 28×28. @param {import("./choice.js").DataSet} data */
export const areDigits = ({ classes, training }) => classes.join() === DIGITS.join() && isDrawable(training.shape);
