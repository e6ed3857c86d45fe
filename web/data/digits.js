/** The classes of MNIST, of generated digits and of drawings. */
export const DIGITS = Array.from("0123456789");
