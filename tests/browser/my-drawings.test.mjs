// Digits of one's own in the view of the data: drawn, labelled, kept over a reload, written to a file and read from
// one.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { locate } from "./accessible.mjs";
import { open, removeAll, told, until } from "./drawings-view.mjs";
import { OWN_CODE } from "./engines.mjs";
import { kept } from "./kept.mjs";
import { openTwice } from "./two-tabs.mjs";

/** Gives the page a file of drawings to import; runs inside the page. */
function give(name, text) {
  const view = finder.one("convscope-data");
  const input = finder.one("input[type=file]", finder.one("convscope-my-drawings", view));
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], name));
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

const pixels = Buffer.alloc(784, 200).toString("base64");
const file = (drawings) => JSON.stringify({ format: "convscope-drawings", drawings });
const twenty = file(Array.from({ length: 20 }, (_, index) => ({ label: index % 10, pixels })));

export const tests = [
  {
    name: "my drawings: drawn, labelled, kept over a reload, removed and taken back",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.draw([
        [
          [0.5, 0.15],
          [0.5, 0.5],
          [0.5, 0.85],
        ],
      ]);
      await browser.click("This is a 1", "button");
      await until(browser, ({ status, digits }) => /Kept as 1/.test(status) && digits.join() === "1: 1");
      await browser.draw([
        [
          [0.3, 0.2],
          [0.7, 0.2],
          [0.45, 0.85],
        ],
      ]);
      await browser.click("This is a 7", "button");
      await until(browser, ({ digits }) => digits.join() === "1: 1,7: 1");
      assert.equal((await browser.find("Learn my drawings", "button")).disabled, true);
      await open(browser, site);
      await until(browser, ({ digits }) => digits.join() === "1: 1,7: 1");
      await browser.click("Remove last 7", "button");
      await until(browser, ({ digits }) => digits.join() === "1: 1");
      await browser.click("Put back", "button");
      await until(browser, ({ digits }) => digits.join() === "1: 1,7: 1");
      await removeAll(browser, [1, 7]);
    },
  },
  {
    name: "my drawings: a file is imported and learnt from; others are refused in words, and nothing is lost",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(give, "mine.json", twenty);
      await until(browser, ({ status }) => status === "20 drawings added.");
      await browser.evaluate(give, "mine.json", twenty);
      await until(browser, ({ status }) => status === "0 drawings added. 20 were here already.");
      for (const [text, words] of [
        ["\u0000\u0001", /not JSON/],
        ["null", /no convscope-drawings/],
        ["[1, 2]", /no convscope-drawings/],
        [
          file([
            { label: 3, pixels },
            { label: 10, pixels },
          ]),
          /Drawing 2 of bad.json is damaged/,
        ],
        [file([{ label: 3, pixels: pixels.slice(4) }]), /Drawing 1 of bad.json is damaged/],
        [file([{ label: 3, pixels: "§" }]), /Drawing 1/],
        [file([null]), /Drawing 1/],
        [file(Array.from({ length: 10_001 }, () => ({ label: 1, pixels }))), /At most 10,000 drawings/],
        ["x".repeat(16_000_001), /16,000,001 bytes/],
      ]) {
        await browser.evaluate(give, "bad.json", text);
        await until(browser, ({ problem }) => words.test(problem));
      }
      const { digits } = await browser.evaluate(told);
      assert.deepEqual(
        digits,
        Array.from({ length: 10 }, (_, digit) => `${digit}: 2`),
      );
      await browser.click("Learn my drawings", "button");
      await browser.until(() =>
        finder.says("[role=status][aria-label=Data]", "My drawings: 10 images to learn, 10 for"),
      );
      assert.equal((await browser.evaluate(locate, "Export")).length, 1);
      await removeAll(
        browser,
        Array.from({ length: 20 }, (_, index) => index % 10),
      );
    },
  },
  {
    name: "my drawings: those of two tabs are all kept, and each sees what the other draws and removes",
    seconds: 120,
    async run(browser, site) {
      await openTwice(browser, site, "embed.html#view=data");
      await browser.until(() =>
        tabs.every((frame) => {
          const view = finder.one("convscope-data", frame.document);
          for (const details of view ? finder.all("details", view) : []) details.open = true;
          const part = finder.one("convscope-my-drawings", frame.document);
          return part && finder.one("input[type=file]", part);
        }),
      );
      const digits = Array.from({ length: 10 }, (_, digit) => digit);
      const drawings = (ink) => {
        const pixels = Buffer.alloc(784, ink).toString("base64");
        return file(digits.map((label) => ({ label, pixels })));
      };
      const counts = (count) => digits.map((digit) => `${digit}: ${count}`).join();
      const agree = async (expected) => {
        const told = () =>
          browser.evaluate(() =>
            tabs.map((frame) => {
              const spans = finder.all("li span", finder.one("convscope-my-drawings", frame.document));
              return spans.map(({ textContent }) => textContent).join();
            }),
          );
        for (const deadline = Date.now() + 20_000; ;) {
          const now = await told();
          if (now.every((one) => one === expected)) return;
          assert.ok(Date.now() < deadline, `${now.join(" and ")}, not ${expected}`);
        }
      };
      for (const [one, other] of [
        [10, 20],
        [30, 40],
      ]) {
        await browser.evaluate(
          (texts) =>
            tabs.forEach((frame, index) => {
              const input = finder.one("input[type=file]", finder.one("convscope-my-drawings", frame.document));
              const transfer = new DataTransfer();
              transfer.items.add(new File([texts[index]], "mine.json"));
              input.files = transfer.files;
              input.dispatchEvent(new Event("change", { bubbles: true }));
            }),
          [drawings(one), drawings(other)],
        );
      }
      await agree(counts(4));
      assert.deepEqual(await browser.evaluate(kept, "convscope-drawings", "drawings", ["length"]), [40]);
      const remove = (digit, frame) =>
        browser.evaluate(
          (digit, index) =>
            finder
              .all("button", finder.one("convscope-my-drawings", tabs[index].document))
              .find(({ textContent }) => textContent.includes(`Remove last ${digit}`))
              .click(),
          digit,
          frame,
        );
      await remove(3, 1);
      await agree(counts(4).replace("3: 4", "3: 3"));
      for (const digit of digits) for (let left = digit === 3 ? 3 : 4; left > 0; left--) await remove(digit, 0);
      await agree("");
      assert.deepEqual(await browser.evaluate(kept, "convscope-drawings", "drawings", ["length"]), [0]);
    },
  },
  accessibility("my drawings", async (browser, site) => {
    await open(browser, site);
    await until(browser, () => true);
  }),
];
