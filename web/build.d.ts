/** The bundle of a script and all it imports, as the text of one classic script. */
declare module "*?text" {
  const text: string;
  export default text;
}

/** Evaluates the glue afresh: every call is an instance of its own, since the glue keeps its state in its module. */
declare module "convscope-wasm?instance" {
  const createGlue: () => typeof import("convscope-wasm");
  export default createGlue;
}

/** Whether all of MNIST is a part of the site, in data/. */
declare const MNIST_IS_BESIDE: boolean;
/** Whether the small build of the engine is there, which a page loads at first. */
declare const HAS_FIRST_BUILD: boolean;
