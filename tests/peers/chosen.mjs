/**
 * Whether all words of `--only` occur in a case's name, a number as a whole.
 * @param {string} name
 * @param {string} only
 */
export const isChosen = (name, only) =>
  only.split(" ").every((word) => (/^\d+$/.test(word) ? name.split(" ").includes(word) : name.includes(word)));
