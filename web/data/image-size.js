/** Pixels along the side of an image, as in MNIST. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** Whether the pad draws for an input of that shape, and augmentation bends it: 28×28, grey. @param {readonly number[]} shape */
export const isDrawable = (shape) => shape.join() === `${SIDE},${SIDE},1`;
