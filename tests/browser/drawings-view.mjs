// The drawings that somebody has made in the view of the data, in the hand of a test.
import assert from "node:assert/strict";
import { kept } from "./kept.mjs";

/** What the element says; runs inside the page. */
export function told() {
  const part = finder.one("convscope-my-drawings");
  return (
    part && {
      problem: finder
        .all("[role=alert]", part)
        .map(({ textContent }) => textContent.trim().replace(/\s+/g, " "))
        .join(" ")
        .trim(),
      status: finder.one("[role=status]", part).textContent,
      digits: finder.all("li span", part).map(({ textContent }) => textContent),
    }
  );
}

export const until = async (browser, holds) => {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const now = await browser.evaluate(told);
    if (now && holds(now)) return now;
  }
  throw new Error(`waited for ${holds}: ${JSON.stringify(await browser.evaluate(told))}`);
};

export async function open(browser, site) {
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

/** How many are written down. */
export const count = async (browser) =>
  (await browser.evaluate(kept, "convscope-drawings", "drawings", ["length"]))[0] ?? 0;

/** Removes them all, and waits until that is written down: the next test starts with none. */
export async function removeAll(browser, digits) {
  for (const digit of digits) await browser.click(`Remove last ${digit}`, "button");
  await until(browser, ({ digits }) => digits.length === 0);
  for (const deadline = Date.now() + 20_000; (await count(browser)) > 0;)
    assert.ok(Date.now() < deadline, "what was removed is still kept");
}
