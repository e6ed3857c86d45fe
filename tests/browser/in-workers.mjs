// What tests have the engine's workers do besides their work.

/**
 * Runs `script`, the text of a function, in each worker that this page starts from now on, before the engine's own text;
 * runs inside the page.
 */
export function inWorkers(script) {
  const { Blob } = globalThis;
  globalThis.Blob = class extends Blob {
    constructor(parts, options) {
      // A worker's text; files are read as Blobs, too.
      super(typeof parts[0] === "string" ? [`(${script})();`, ...parts] : parts, options);
    }
  };
}
