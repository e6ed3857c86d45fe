export const SEEN = "The drawing as the network sees it, 28 by 28 pixels";
/** @param {readonly number[]} shape of what the network gets of a picture */
export const pictureSeen = (shape) => `as the network sees it: ${shape.join("×")}`;
export const SEEN_CAPTION = "as the network sees it: 28×28, scaled and centred as in MNIST";
