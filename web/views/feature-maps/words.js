export const CAPTION =
  "Each map of a convolution is the output of one filter, at every place of its input; pooling makes a map smaller. The stronger the colour, the stronger the response.";
