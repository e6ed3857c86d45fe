export const SEEN = "The drawing as the network sees it, 28 by 28 pixels";
export const SEEN_CAPTION = "as the network sees it: 28×28, scaled and centred as in MNIST";
