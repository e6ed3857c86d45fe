// What is on a pad that nobody has drawn on yet, so that a network is seen at work from the first moment on.

import { unpackStrokes } from "./drawing.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */

/** A 3, which has curves, ends and a junction; in one stroke. @type {Drawing} */
export const FIRST = {
  strokes: unpackStrokes(
    "hBgXkSyBlCkC1BwCjB6CJ4CKwCkBkC2ByBmCawCC0CXwCtBmChC6BxCkBaUsCkBgC0B0BgCkBoCQuCBuCVuClBmC3B-BjCwBtCiBzCQ1CAzCRrChBjCxB1B9B",
  ),
  shift: [0, 0],
};

/** Milliseconds that it takes to draw itself. */
const DURATION = 700;

/**
 * Draws it as a hand would; at once for those who want no motion.
 * @param {(drawing: Drawing) => void} draw called with more of it each frame, at last with {@link FIRST}
 * @returns {() => void} stops it
 */
export function trace(draw) {
  const [points] = FIRST.strokes;
  const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : DURATION;
  const began = performance.now();
  const step = () => {
    const passed = performance.now() - began;
    if (passed >= duration) return draw(FIRST);
    draw({ ...FIRST, strokes: [points.slice(0, 1 + Math.floor((points.length * passed) / duration))] });
    frame = requestAnimationFrame(step);
  };
  let frame = requestAnimationFrame(step);
  return () => cancelAnimationFrame(frame);
}
