// How much memory the engine's workers have.

/**
 * Makes the engines that this page starts from now on answer, in every worker, how much memory they have; runs inside
 * the page.
 */
export function watchMemory() {
  // Runs in each worker before the engine's own text.
  const prelude = () => {
    const { Instance } = WebAssembly;
    const channel = new BroadcastChannel("memory");
    WebAssembly.Instance = function (...args) {
      const instance = new Instance(...args);
      const { memory } = instance.exports;
      const first = memory.buffer;
      let last = first;
      let count = 0;
      channel.onmessage = ({ data }) => {
        if (data !== "how much?") return;
        if (memory.buffer !== last) [last, count] = [memory.buffer, count + 1];
        channel.postMessage({ bytes: last.byteLength, replaced: count });
      };
      return instance;
    };
  };
  const { Blob } = globalThis;
  globalThis.Blob = class extends Blob {
    constructor(parts, options) {
      // A worker's text; files are read as Blobs, too.
      super(typeof parts[0] === "string" ? [`(${prelude})();`, ...parts] : parts, options);
    }
  };
}

/** How much each of so many workers has, and how often that has grown since it was asked for; runs inside the page. */
export function memories(workers) {
  const channel = new BroadcastChannel("memory");
  return new Promise((resolve) => {
    const answers = [];
    channel.onmessage = ({ data }) => {
      if (answers.push(data) < workers) return;
      channel.close();
      resolve(answers);
    };
    channel.postMessage("how much?");
  });
}
