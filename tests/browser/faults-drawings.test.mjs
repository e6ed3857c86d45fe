// The drawings that somebody has made, where the browser's database fails: nothing is lost that was told as kept.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";
import { keepBeside, kept } from "./kept.mjs";
import { breakStorage, fillStorage, injecting, refuseStorage } from "./page-faults.mjs";

/** What the element says; runs inside the page. */
function told() {
  const part = finder.one("convscope-my-drawings");
  return (
    part && {
      problem: finder
        .all("[role=alert]", part)
        .map(({ textContent }) => textContent.trim().replace(/\s+/g, " "))
        .join(" ")
        .trim(),
      status: finder.one("[role=status]", part).textContent,
      digits: finder
        .all("li span", part)
        .map(({ textContent }) => textContent)
        .join(),
    }
  );
}

const until = async (browser, holds) => {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const now = await browser.evaluate(told);
    if (now && holds(now)) return now;
  }
  throw new Error(`waited for ${holds}: ${JSON.stringify(await browser.evaluate(told))}`);
};

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=data`);
  await browser.until(() => {
    const view = finder.one("convscope-data");
    for (const details of view ? finder.all("details", view) : []) details.open = true;
    return finder.one("convscope-my-drawings") !== undefined;
  });
  await browser.find("Next", "button");
  await browser.drawn();
}

/** Draws a line and says that it is this digit. */
async function add(browser, digit) {
  await browser.draw([
    [
      [0.3 + digit / 50, 0.15],
      [0.5, 0.5],
      [0.5, 0.85],
    ],
  ]);
  await browser.click(`This is a ${digit}`, "button");
}

/** How many are written down. */
const count = async (browser) => (await browser.evaluate(kept, "convscope-drawings", "drawings", ["length"]))[0] ?? 0;

/** Removes them all, and waits until that is written down: the next test starts with none. */
async function removeAll(browser, digits) {
  for (const digit of digits) await browser.click(`Remove last ${digit}`, "button");
  await until(browser, ({ digits }) => digits === "");
  for (const deadline = Date.now() + 20_000; (await count(browser)) > 0;)
    assert.ok(Date.now() < deadline, "what was removed is still kept");
}

const NOT_KEPT = /does not keep .*export them before you leave/i;

/** What happens to a drawing while the storage fails, and once it works again. */
const passing = (name, fault, opens) => ({
  name: `faults: drawings where the storage ${name} are told as not kept, stay on view, and are kept when it is tried again`,
  engines: OWN_CODE,
  async run(browser, site) {
    await open(browser, site);
    await add(browser, 1);
    await until(browser, ({ status, digits }) => /^Kept as 1/.test(status) && digits === "1: 1");
    if (opens) await injecting(browser, fault, () => open(browser, site));
    else await browser.evaluate(fault);
    await add(browser, 7);
    const failed = await until(browser, ({ problem, digits }) => NOT_KEPT.test(problem) && digits.endsWith("7: 1"));
    assert.doesNotMatch(failed.status, /Kept/);
    await browser.evaluate(() => globalThis.makeRoom());
    assert.equal(await count(browser), 1, "what was kept before is still there");
    await browser.click("Try again", "button");
    await until(browser, ({ problem, digits }) => problem === "" && digits === "1: 1,7: 1");
    await open(browser, site);
    await until(browser, ({ digits }) => digits === "1: 1,7: 1");
    await removeAll(browser, [1, 7]);
  },
});

export const tests = [
  passing("is full", fillStorage),
  passing("is broken", breakStorage, true),
  {
    name: "faults: drawings where the storage is refused are told as not kept, and can be learnt from all the same",
    engines: OWN_CODE,
    async run(browser, site) {
      await injecting(browser, refuseStorage, async () => {
        await open(browser, site);
        await until(browser, ({ problem }) => NOT_KEPT.test(problem));
        await add(browser, 3);
        const { status } = await until(browser, ({ digits }) => digits === "3: 1");
        assert.doesNotMatch(status, /Kept/);
        await browser.click("Try again", "button");
        await until(browser, ({ problem, digits }) => NOT_KEPT.test(problem) && digits === "3: 1");
      });
    },
  },
  {
    name: "faults: drawings that were damaged, written half or are of another version are told and stay, and the others go on",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await add(browser, 7);
      await until(browser, ({ status, digits }) => /^Kept as 7/.test(status) && digits === "7: 1");
      await browser.evaluate(keepBeside, "convscope-drawings", "drawings", [null, { label: 1 }, { label: "one" }, "1"]);
      await open(browser, site);
      await until(
        browser,
        ({ problem, digits }) => /^4 of .*cannot be read.* stays/.test(problem) && digits === "7: 1",
      );
      await add(browser, 2);
      await until(browser, ({ digits, status }) => digits === "2: 1,7: 1" && /^Kept as 2/.test(status));
      assert.equal(await count(browser), 6, "what cannot be read is still there");
      await browser.click("Remove what cannot be read", "button");
      await until(browser, ({ problem }) => problem === "");
      await removeAll(browser, [2, 7]);
    },
  },
];
