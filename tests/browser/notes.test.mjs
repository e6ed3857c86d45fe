// What a lecturer copies.
import assert from "node:assert/strict";
import { choose } from "./accessible.mjs";

const state = "#view=unit&model=lenet5&digit=3&layer=conv2d_1&unit=2&cell=4,5";

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(site.url + state);
  await browser.until(() => {
    const { model, strokes, cell } = document.querySelector("conv-scope").state ?? {};
    return model === "lenet5" && strokes && cell;
  });
  await browser.click("Use in your notes", "button");
}

const snippets = async (browser) => ({
  frame: (await browser.find("Snippet for a frame", "textbox")).value,
  element: (await browser.find("Snippet for a module", "textbox")).value,
});

export const tests = [
  {
    name: "notes: they open on the view on show with all of its state, and another can be chosen",
    async run(browser, site) {
      await open(browser, site);
      assert.equal((await browser.find("View", "combobox")).value, "unit");
      const { frame, element } = await snippets(browser);
      assert.match(frame, /#view=unit&amp;model=lenet5&amp;layer=conv2d_1&amp;unit=2&amp;cell=4,5&amp;strokes=[\w-]+"/);
      assert.match(frame, /title="convscope: One unit/);
      assert.match(element, /view="unit" model="lenet5" layer="conv2d_1" unit="2" cell="4,5" strokes="[\w-]+"/);
      await browser.evaluate(choose, "View", "why");
      await browser.until(() => finder.one("textarea").value.includes("view=why&"));
      assert.match((await snippets(browser)).element, /view="why" model="lenet5"/);
      await browser.click("Close", "button");
      assert.ok((await browser.find("Use in your notes", "button")).focused);
    },
  },
  {
    name: "notes: at 390 pixels nothing runs out of the dialog, and Close stands apart",
    async run(browser, site) {
      await browser.setViewport(390, 844);
      await open(browser, site);
      const dialog = await browser.find("Use in your notes", "dialog");
      assert.ok(dialog.x >= 0 && dialog.x + dialog.width <= 390);
      for (const [name, role] of [
        ["View", "combobox"],
        ["Snippet for a frame", "textbox"],
        ["Copy element", "button"],
      ]) {
        const { x, width } = await browser.find(name, role);
        assert.ok(x > dialog.x && x + width < dialog.x + dialog.width, name);
      }
      const copy = await browser.find("Copy element", "button");
      const close = await browser.find("Close", "button");
      assert.ok(close.y - (copy.y + copy.height) >= 16);
    },
  },
  {
    name: "notes: axe-core finds nothing in them, light and dark",
    engines: ["chromium"],
    async run(browser, site) {
      for (const dark of [false, true]) {
        await browser.emulateMedia({ dark });
        await open(browser, site);
        await browser.find("Copy element", "button");
        assert.deepEqual(await browser.accessibilityViolations(), []);
      }
      await browser.emulateMedia({});
    },
  },
  {
    name: "notes: what is said of a copied link covers nothing of the view",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(site.url);
      await browser.find("Drawing pad");
      await browser.click("Copy link", "button");
      const { said, view } = await browser.until(() => {
        const [told, scope] = ["#told", "conv-scope"].map((selector) => document.querySelector(selector));
        if (!told.textContent) return undefined;
        return { said: told.getBoundingClientRect().bottom, view: scope.getBoundingClientRect().top };
      });
      assert.ok(said <= view);
    },
  },
];
