/** Pixels along the side of an image, as in MNIST. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
