// How tests find things in a page, through however many shadow roots: where something stands is the page's own business.
globalThis.finder = {
  /**
   * All elements that match, in the document's order.
   * @param {string} selector
   * @param {Document | Element} [within]
   * @returns {any[]}
   */
  all(selector, within = document) {
    const here = Array.from(within.querySelectorAll("*")).flatMap((element) => [
      ...(element.matches(selector) ? [element] : []),
      ...(element.shadowRoot ? finder.all(selector, element.shadowRoot) : []),
    ]);
    return within.shadowRoot ? [...finder.all(selector, within.shadowRoot), ...here] : here;
  },

  /**
   * The first of them.
   * @param {string} selector
   * @param {Document | Element} [within]
   */
  one: (selector, within) => finder.all(selector, within)[0],

  /**
   * The numbers that are printed there, as exact as they are.
   * @param {Element} [within]
   * @param {string} [selector]  Of which of them.
   */
  numbers: (within, selector = "data") => finder.all(selector, within).map(({ value }) => Number(value)),

  /**
   * Whether an element that matches says that.
   * @param {string} selector
   * @param {string} words  A regular expression's source.
   * @param {Document | Element} [within]
   */
  says: (selector, words, within) =>
    finder.all(selector, within).some(({ textContent }) => new RegExp(words).test(textContent.replace(/\s+/g, " "))),
};
