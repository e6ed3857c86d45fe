// The drawings that somebody has made, where the browser's database fails: nothing is lost that was told as kept.
import assert from "node:assert/strict";
import { count, open, removeAll, until } from "./drawings-view.mjs";
import { OWN_CODE } from "./engines.mjs";
import { keepBeside } from "./kept.mjs";
import { breakStorage, fillStorage, injecting, refuseStorage } from "./page-faults.mjs";

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

const NOT_KEPT = /does not keep .*export them before you leave/i;

/** What happens to a drawing while the storage fails, and once it works again. */
const passing = (name, fault, opens) => ({
  name: `faults: drawings where the storage ${name} are told as not kept, stay on view, and are kept when it is tried again`,
  engines: OWN_CODE,
  async run(browser, site) {
    await open(browser, site);
    await add(browser, 1);
    await until(browser, ({ status, digits }) => /^Kept as 1/.test(status) && digits.join() === "1: 1");
    if (opens) await injecting(browser, fault, () => open(browser, site));
    else await browser.evaluate(fault);
    await add(browser, 7);
    const failed = await until(
      browser,
      ({ problem, digits }) => NOT_KEPT.test(problem) && digits.join().endsWith("7: 1"),
    );
    assert.doesNotMatch(failed.status, /Kept/);
    await browser.evaluate(() => globalThis.makeRoom());
    assert.equal(await count(browser), 1, "what was kept before is still there");
    await browser.click("Try again", "button");
    await until(browser, ({ problem, digits }) => problem === "" && digits.join() === "1: 1,7: 1");
    await open(browser, site);
    await until(browser, ({ digits }) => digits.join() === "1: 1,7: 1");
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
        const { status } = await until(browser, ({ digits }) => digits.join() === "3: 1");
        assert.doesNotMatch(status, /Kept/);
        await browser.click("Try again", "button");
        await until(browser, ({ problem, digits }) => NOT_KEPT.test(problem) && digits.join() === "3: 1");
      });
    },
  },
  {
    name: "faults: drawings that were damaged, written half or are of another version are told and stay, and the others go on",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await add(browser, 7);
      await until(browser, ({ status, digits }) => /^Kept as 7/.test(status) && digits.join() === "7: 1");
      await browser.evaluate(keepBeside, "convscope-drawings", "drawings", [null, { label: 1 }, { label: "one" }, "1"]);
      await open(browser, site);
      await until(
        browser,
        ({ problem, digits }) => /^4 of .*cannot be read.* stays/.test(problem) && digits.join() === "7: 1",
      );
      await add(browser, 2);
      await until(browser, ({ digits, status }) => digits.join() === "2: 1,7: 1" && /^Kept as 2/.test(status));
      assert.equal(await count(browser), 6, "what cannot be read is still there");
      await browser.click("Remove what cannot be read", "button");
      await until(browser, ({ problem }) => problem === "");
      await removeAll(browser, [2, 7]);
    },
  },
];
