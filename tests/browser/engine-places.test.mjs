// Where the engine must start: a stranger's page, a sandboxed frame, a page from a disk; and what it says where it
// can't.
import assert from "node:assert/strict";

const visitor = (origin, site) =>
  `${origin}/pages/visitor.html?${new URLSearchParams({ module: `${site.url}convscope.js` })}`;
const undecided = [0.5, 0.5, "0.6931"];
const expected = { connectEngine: undecided, loadEngine: undecided, "two workers": undecided };

/** Why an engine didn't start, after a page was made less able; runs inside the page. */
async function failure(place, spoil) {
  const { starts, outcome, changeBuilds } = globalThis.kit;
  const spoiled = {
    "no WebAssembly": () => void delete globalThis.WebAssembly,
    "no SIMD": () => (WebAssembly.validate = () => false),
    "no workers": () => void delete globalThis.Worker,
    "a broken file": () => changeBuilds(() => new Uint8Array(100)),
    "a policy": () => {
      const policy = document.createElement("meta");
      Object.assign(policy, { httpEquiv: "Content-Security-Policy", content: "worker-src 'none'" });
      document.head.append(policy);
    },
  };
  await spoiled[spoil]();
  const { error, code, message } = await outcome(() => starts[place]({ variant: "simd" }));
  return { error, code, message };
}

export const tests = [
  {
    name: "engine: starts in a page of another origin",
    async run(browser, site) {
      await browser.open(visitor(site.otherOrigin, site));
      assert.deepEqual(await browser.until(() => globalThis.answers), expected);
    },
  },
  {
    name: "engine: starts in a sandboxed frame",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/pointer.html`);
      for (const origin of [site.origin, site.otherOrigin]) {
        await browser.open(visitor(origin, site));
        const answers = await browser.evaluate(
          (src) => {
            const frame = document.createElement("iframe");
            Object.assign(frame, { sandbox: "allow-scripts", src });
            document.body.append(frame);
            return new Promise((resolve) => {
              addEventListener("message", ({ source, data }) => source === frame.contentWindow && resolve(data));
            });
          },
          visitor(origin, site),
        );
        assert.deepEqual(answers, expected);
      }
    },
  },
  {
    name: "engine: starts in a page opened from a disk",
    async run(browser, site) {
      await browser.open(site.fileUrl("convscope.html"));
      await browser.find("Model", "combobox");
      const stroke = Array.from({ length: 10 }, (_, step) => [0.5, 0.2 + 0.06 * step]);
      await browser.draw([stroke]);
      const deadline = Date.now() + 10_000;
      while ((await browser.find("Prediction", "status")).text !== "1") {
        assert.ok(Date.now() < deadline, "a stroke down the middle is a one");
      }
    },
  },
  {
    name: "engine: says why it cannot start",
    async run(browser, site) {
      const cases = [
        ["thread", "no WebAssembly", /WebAssembly with SIMD/],
        ["worker", "no SIMD", /WebAssembly with SIMD/],
        ["worker", "no workers", /no workers/],
        ["thread", "a broken file", /is damaged/],
        ["worker", "a policy", /could not start|refused/],
      ];
      for (const [place, spoil, reason] of cases) {
        await browser.open(`${site.origin}/pages/engine.html`);
        await browser.until(() => globalThis.kit);
        const { error, code, message } = await browser.evaluate(failure, place, spoil);
        assert.deepEqual([error, code], [true, "load"], `${spoil}: ${message}`);
        assert.match(message, reason);
      }
      // The policy's own report is meant to be there, and nothing else.
      for (const problem of await browser.problems()) assert.match(problem, /worker-src/);
    },
  },
];
