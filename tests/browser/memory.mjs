// How much memory the engine's workers have.

/** To be run in workers, whose memory can then be asked for. */
export function watchMemory() {
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
}

/**
 * How much each of so many workers has, and how often that has grown since it was asked for; a worker that has ended
 * meanwhile is not waited for. Runs inside the page.
 */
export function memories(workers) {
  const channel = new BroadcastChannel("memory");
  return new Promise((resolve) => {
    const answers = [];
    const done = () => {
      channel.close();
      resolve(answers);
    };
    setTimeout(done, 5000);
    channel.onmessage = ({ data }) => {
      if (answers.push(data) === workers) done();
    };
    channel.postMessage("how much?");
  });
}
