// The page's menu: a link to every view, that works before anything is loaded and with the keyboard alone.
import assert from "node:assert/strict";
import { VIEWS } from "../../web/views.js";

const shown = (browser) => browser.evaluate(() => document.querySelector("[aria-current=page]")?.textContent);

export const tests = [
  {
    name: "menu: a link to every view goes there, is marked, takes the drawing along, and back leads back",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}#lesson=4&digit=3`);
      await browser.until(() => document.querySelector("conv-scope").state?.strokes);
      const strokes = await browser.evaluate(() => document.querySelector("conv-scope").state.strokes);
      const links = () =>
        browser.evaluate(() => Array.from(document.querySelectorAll("#views a"), (link) => link.hash));
      assert.deepEqual(
        await links(),
        VIEWS.map(({ name }) => `#view=${name}`),
      );
      assert.equal(await shown(browser), VIEWS[0].title);
      for (const { name, title } of VIEWS.slice(1, 5)) {
        await browser.click("All views", "button");
        await browser.click(title, "link");
        await browser.until((view) => finder.one(`convscope-${view}`) !== undefined, name);
        assert.equal(await shown(browser), title);
        await browser.until((view) => location.hash.includes(`view=${view}`), name);
        const state = await browser.evaluate(() => document.querySelector("conv-scope").state);
        assert.equal(state.strokes, strokes, name);
        assert.match(await browser.evaluate(() => location.hash), /lesson=4/);
      }
      await browser.evaluate(() => history.back());
      await browser.until((view) => finder.one(`convscope-${view}`) !== undefined, VIEWS[3].name);
      assert.equal(await shown(browser), VIEWS[3].title);
    },
  },
  {
    name: "menu: the keyboard opens it, goes to a view and comes back to the button",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(site.url);
      await browser.until(() => document.querySelector("conv-scope").state?.model);
      await browser.evaluate(() => document.querySelector("#menu").focus());
      await browser.key("Enter");
      await browser.find(VIEWS[1].title, "link");
      await browser.key("Tab");
      await browser.key("Tab");
      assert.ok((await browser.find(VIEWS[1].title, "link")).focused);
      await browser.key("Enter");
      await browser.until(
        (title) => document.querySelector("[aria-current=page]")?.textContent === title,
        VIEWS[1].title,
      );
      assert.ok((await browser.find("All views", "button")).focused);
    },
  },
  {
    name: "menu: axe-core finds nothing in it, light and dark",
    engines: ["chromium"],
    async run(browser, site) {
      for (const dark of [false, true]) {
        await browser.emulateMedia({ dark });
        await browser.open("about:blank");
        await browser.open(site.url);
        await browser.until(() => document.querySelector("conv-scope").state?.model);
        await browser.click("All views", "button");
        assert.deepEqual(await browser.accessibilityViolations(), []);
      }
      await browser.emulateMedia({});
    },
  },
  {
    name: "menu: a name that every object knows is no view",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}#view=constructor`);
      await browser.until(() => finder.one("convscope-playground") !== undefined);
    },
  },
];
