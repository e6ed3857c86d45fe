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
 * How much each of so many workers has, and how often that has grown since it was asked for. It asks until all of them are
 * there; one that has ended meanwhile is waited for five seconds at most. Runs inside the page.
 */
export async function memories(workers) {
  const channel = new BroadcastChannel("memory");
  let answers = [];
  channel.onmessage = ({ data }) => answers.push(data);
  for (const deadline = performance.now() + 5000; answers.length < workers && performance.now() < deadline;) {
    answers = [];
    channel.postMessage("how much?");
    // An answer that comes later would count in the next round, too.
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  channel.close();
  return answers;
}
