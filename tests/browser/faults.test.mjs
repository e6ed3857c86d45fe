// What a person sees when a file of the site fails, and that it goes on once the fault is gone.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { OWN_CODE } from "./engines.mjs";

const WORDS = {
  missing: /could not be fetched \(status 404\)/,
  cut: /did not arrive whole/,
  short: /is damaged or does not belong to this version of the page/,
  "mixed-up": /is damaged or does not belong to this version of the page/,
  hanging: /did not arrive: nothing came for 15 seconds/,
};

/** Whether the digit is read; runs inside the page. */
const reads = () => Number.isInteger(finder.one("convscope-playground")?.session?.observation?.digit);

/** Repeats an assertion until it holds, for half a minute: every question that fails says so anew. */
async function eventually(assertion) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await wait(100);
    }
  }
}

/** Opens the page with a fault, reads what it says of it, mends it, and tries again. */
async function tells(browser, site, files, fault, name) {
  site.faults.clear();
  await browser.open("about:blank");
  site.faults.set(files, fault);
  try {
    await browser.open(`${site.url}embed.html#view=playground`);
    await eventually(async () => {
      const { text } = await browser.find("Problem", "alert");
      assert.match(text, WORDS[fault], `${name} ${fault}: ${text}`);
      assert.match(text, name);
    });
  } finally {
    site.faults.clear();
  }
  // What was asked for meanwhile may bring it, too; then the button is gone.
  await wait(2000);
  if (!(await browser.evaluate(reads))) await browser.click("Try again", "button");
  await browser.until(reads);
  await eventually(async () => assert.equal((await browser.find("Problem", "alert")).text, ""));
  // That something was missing is no news.
  await browser.problems();
}

const faultsOf = (files, name, faults, engines) => ({
  name: `faults: ${name} that is ${faults.join(", ")} is told in words, and comes when it is asked for again`,
  engines,
  seconds: 180,
  async run(browser, site) {
    for (const fault of faults) await tells(browser, site, files, fault, files);
  },
});

/** Views that load the sample of MNIST by themselves: to learn from it, or to show and measure with it. */
const OF_DATA = ["train", "race", "activations", "overfitting", "data", "filters", "embedding", "receptive-field"];

/** Whether what learns in the view, where something does, is ready to begin; runs inside the page. */
function built() {
  const view = finder.one("convscope-train, convscope-race");
  return !view || (!view.building && Boolean(view.run ?? view.race));
}

/** Opens a view whose data has a fault, reads what it says of it, mends it, and tries again. */
async function tellsOfData(browser, site, view, fault) {
  await browser.open("about:blank");
  site.faults.set(/mnist-sample/, fault);
  site.requests.length = 0;
  const asked = () => site.requests.filter((path) => path.includes("mnist-sample")).length;
  const told = async () => (await browser.find("Problem", "alert")).text;
  try {
    await browser.open(`${site.url}embed.html#view=${view}`);
    await eventually(async () => {
      const words = await told();
      assert.match(words, WORDS[fault], `${view}, ${fault}`);
      assert.match(words, /data\/mnist-sample.*choose generated digits/s);
    });
    // It waits until it is told to, or another network comes, and does not ask in vain again and again.
    await wait(2000);
    const before = asked();
    await wait(1500);
    assert.equal(asked(), before, `${view} asks for what is ${fault} again and again`);
  } finally {
    site.faults.clear();
  }
  const before = asked();
  await browser.click("Try again", "button");
  await eventually(async () => assert.equal(await told(), "", `${view}, after the data is there`));
  await eventually(() => assert.ok(asked() > before, `${view} did not ask again`));
  await browser.until(built);
  await eventually(async () => assert.equal(await told(), "", `${view}, once it is built`));
  await browser.problems();
}

/** The page says that something is missing, where none of its scripts can. */
async function saysWithoutScripts(browser, site, page, files) {
  await browser.open("about:blank");
  site.faults.set(files, "missing");
  try {
    await browser.open(site.url + page);
    await browser.until(() => {
      const words = document.querySelector("conv-scope > p");
      return getComputedStyle(words).visibility === "visible" && /reload to try again/.test(words.innerText);
    });
    assert.equal(await browser.evaluate(() => customElements.get("conv-scope") === undefined), true);
  } finally {
    site.faults.clear();
  }
  await browser.problems();
}

export const tests = [
  faultsOf(/models\/catalogue\.json/, "the catalogue", ["missing", "cut", "short", "mixed-up", "hanging"], OWN_CODE),
  faultsOf(/convscope-[\w-]+\.wasm/, "the engine", ["missing", "cut", "short", "mixed-up"], OWN_CODE),
  faultsOf(/models\/\w+\.safetensors/, "a model", ["missing", "cut", "short", "mixed-up"]),
  {
    name: "faults: data that is missing, cut, short, mixed-up, hanging is told in words, and comes when it is asked for again",
    seconds: 120,
    async run(browser, site) {
      for (const fault of Object.keys(WORDS)) await tellsOfData(browser, site, "train", fault);
      await browser.until(() => finder.says("summary", "Data: MNIST sample"));
    },
  },
  {
    name: "faults: every view of data tells that it is short, and shows it when it is asked for again",
    seconds: 120,
    async run(browser, site) {
      for (const view of OF_DATA) await tellsOfData(browser, site, view, "short");
    },
  },
  {
    name: "faults: without its scripts, or one that they share, a page says what to do",
    async run(browser, site) {
      const shared = (await readFile(site.path("embed.js"), "utf8")).match(/from"\.\/([\w-]+\.js)"/)?.[1];
      assert.ok(shared);
      for (const page of ["index.html", "embed.html"]) {
        await saysWithoutScripts(browser, site, page, new RegExp(`convscope/${page.replace(".html", ".js")}`));
        await saysWithoutScripts(browser, site, page, new RegExp(shared));
      }
      // While it is only on its way, it doesn't.
      await browser.open(site.url);
      assert.equal(
        await browser.evaluate(() => document.querySelector("conv-scope").innerText.includes("reload")),
        false,
      );
    },
  },
  {
    name: "faults: a view or a lens that is missing is told, and the rest goes on",
    engines: OWN_CODE,
    async run(browser, site) {
      const files = await readdir(site.path("."));
      const chunk = (name) => new RegExp(files.find((file) => new RegExp(`^${name}-[A-Z0-9]+\\.js$`).test(file)));
      for (const [page, name, words] of [
        ["embed.html#view=pooling", "pooling", /The view could not be loaded .* Reload the page/],
        ["embed.html#view=playground&layer=conv2d&unit=0", "lens", /The lens could not be loaded .* Reload the page/],
      ]) {
        await browser.open("about:blank");
        site.faults.set(chunk(name), "missing");
        try {
          await browser.open(site.url + page);
          for (const deadline = Date.now() + 20_000; ; await wait(50)) {
            const { text } = await browser.find("Problem", "alert");
            if (words.test(text)) break;
            assert.ok(Date.now() < deadline, `${name}: "${text}"`);
          }
        } finally {
          site.faults.clear();
        }
      }
      await browser.until(reads);
      await browser.problems();
    },
  },
];
