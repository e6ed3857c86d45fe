// That the three drivers mean the same by the same calls, so that a failure elsewhere is the page's.
import assert from "node:assert/strict";

const ink = () => {
  const { data } = document.querySelector("canvas").getContext("2d").getImageData(0, 0, 200, 200);
  return data.filter((value, index) => index % 4 === 3 && value > 0).length;
};

export const tests = [
  {
    name: "driver: a mouse draws and clicks",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/pointer.html`);
      await browser.draw([
        [
          [0.25, 0.5],
          [0.5, 0.5],
          [0.75, 0.5],
        ],
        [
          [0.5, 0.25],
          [0.5, 0.75],
        ],
      ]);
      assert.equal(await browser.evaluate(ink), 16 * 3);
      assert.equal(await browser.evaluate(() => document.querySelector("canvas").dataset.pointer), "mouse");
      await browser.click("Clear", "button");
      assert.equal(await browser.evaluate(ink), 0);
    },
  },
  {
    name: "driver: a finger draws at 390 pixels",
    async run(browser, site) {
      await browser.setViewport(390, 844);
      await browser.open(`${site.origin}/pages/pointer.html`);
      assert.deepEqual(await browser.evaluate(() => [innerWidth, innerHeight]), [390, 844]);
      await browser.draw(
        [
          [
            [0.25, 0.5],
            [0.5, 0.5],
            [0.75, 0.5],
          ],
        ],
        { kind: "touch" },
      );
      assert.equal(await browser.evaluate(ink), 16 * 2);
      // WebKitGTK's driver hands touch on as a mouse.
      const pointer = await browser.evaluate(() => document.querySelector("canvas").dataset.pointer);
      assert.equal(pointer, browser.engine === "webkit" ? "mouse" : "touch");
    },
  },
  {
    name: "driver: keys arrive where the focus is",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/pointer.html`);
      await browser.key("Tab");
      assert.ok((await browser.find("Drawing pad")).focused);
      await browser.key("ArrowLeft");
      assert.equal((await browser.find("Last key", "status")).text, "ArrowLeft");
      await browser.key("ArrowUp", { shift: true });
      assert.equal((await browser.find("Last key", "status")).text, "Shift ArrowUp");
    },
  },
  {
    name: "driver: what goes wrong in a page is seen",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/pointer.html`);
      await browser.evaluate(() => {
        console.error("said");
        document.body.append(Object.assign(document.createElement("img"), { src: "https://example.org/x.png" }));
      });
      await browser.click("Reject", "button");
      await browser.until(() => globalThis.observed.length >= 4);
      const problems = (await browser.problems()).join("\n");
      for (const expected of [/said/, /rejected/, /the policy blocked https:\/\/example.org/]) {
        assert.match(problems, expected);
      }
    },
  },
  {
    name: "driver: an error thrown inside the page reaches the test",
    async run(browser) {
      await assert.rejects(
        browser.evaluate(async () => Promise.reject(new TypeError("from inside"))),
        /from inside/,
      );
    },
  },
  {
    name: "driver: axe-core tells a good page from a bad one",
    engines: ["chromium"],
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/pointer.html`);
      const rules = async () => (await browser.accessibilityViolations()).map((line) => line.split(":")[0]);
      assert.ok(!(await rules()).includes("button-name"));
      await browser.evaluate(() => document.querySelector("button").replaceChildren());
      assert.ok((await rules()).includes("button-name"));
    },
  },
  {
    name: "driver: dark mode can be asked for",
    engines: ["chromium"],
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/pointer.html`);
      const background = () => browser.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await browser.emulateMedia({ dark: true });
      assert.equal(await background(), "rgb(0, 0, 0)");
      await browser.emulateMedia({});
      assert.equal(await background(), "rgb(255, 255, 255)");
    },
  },
];
