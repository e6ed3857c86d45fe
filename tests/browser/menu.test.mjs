// The way into everything: the page's menu, the links to the view before and the next, and what the page says of the
// view on show.
import assert from "node:assert/strict";
import { VIEWS } from "../../web/views.js";

/** Opens the front page, and waits until its model is on view. */
async function openFront(browser, site, hash = "") {
  await browser.open("about:blank");
  await browser.open(site.url + hash);
  await browser.until(() => document.querySelector("conv-scope").state?.model);
}

/** Chooses in the menu, with two clicks. */
async function choose(browser, title, kind) {
  await browser.click("All views", "button", kind);
  await browser.find(title, "link");
  // The menu scrolls in itself.
  await browser.evaluate((wanted) => {
    const links = Array.from(document.querySelectorAll("#views li a"));
    links.find(({ textContent }) => textContent === wanted).scrollIntoView({ block: "center" });
  }, title);
  await browser.click(title, "link", kind);
}

/** Waits until a view is on show, and the page says so. */
async function shows(browser, { name, title, sentence }) {
  await browser.until((view) => finder.one(`convscope-${view}`) !== undefined, name);
  await browser.until((view) => new URLSearchParams(location.hash.slice(1)).get("view") === view, name);
  const said = await browser.evaluate(() => ({
    headings: Array.from(document.querySelectorAll("h1"), ({ textContent }) => textContent),
    sentence: document.querySelector("h1 + p").textContent,
    document: document.title,
    current: Array.from(document.querySelectorAll("[aria-current=page]"), ({ textContent }) => textContent),
    open: document.querySelector("#views").matches(":popover-open"),
  }));
  assert.deepEqual(said, {
    headings: [title],
    sentence,
    document: `${title} · convscope`,
    current: [title],
    open: false,
  });
}

export const tests = [
  {
    name: "menu: two clicks lead from index.html to any view, which the page names, and back leads back",
    seconds: 180,
    async run(browser, site) {
      await openFront(browser, site);
      for (const view of VIEWS.slice(1)) {
        await choose(browser, view.title);
        await shows(browser, view);
        await browser.evaluate(() => history.back());
        await shows(browser, VIEWS[0]);
      }
    },
  },
  {
    name: "menu: at 390 pixels a finger reaches any view in two touches, and nothing runs out of the page",
    seconds: 180,
    async run(browser, site) {
      await browser.setViewport(390, 844);
      await openFront(browser, site);
      for (const view of VIEWS) {
        await choose(browser, view.title, "touch");
        await shows(browser, view);
      }
      await browser.click("All views", "button", "touch");
      const { columns, outside, low } = await browser.evaluate(() => {
        const places = (selector) =>
          Array.from(document.querySelectorAll(selector), (element) => element.getBoundingClientRect());
        const entries = places("#views li");
        return {
          columns: new Set(entries.map(({ left }) => left)).size,
          outside: places("header *, #views *").filter(({ left, right }) => left < 0 || right > innerWidth).length,
          low: entries.filter(({ height }) => height < 24).length,
        };
      });
      assert.deepEqual({ columns, outside, low }, { columns: 1, outside: 0, low: 0 });
    },
  },
  {
    name: "menu: the keyboard alone reaches every view, one after the other",
    seconds: 180,
    async run(browser, site) {
      await openFront(browser, site);
      await browser.evaluate(() => document.querySelector("#menu").focus());
      for (const [index, view] of VIEWS.entries()) {
        await browser.key("Enter");
        const current = VIEWS[Math.max(0, index - 1)].title;
        await browser.until((title) => document.activeElement?.textContent === title, current);
        if (index > 0) await browser.key("ArrowDown");
        assert.ok((await browser.find(view.title, "link")).focused, view.name);
        await browser.key("Enter");
        await shows(browser, view);
        assert.ok((await browser.find("All views", "button")).focused, view.name);
      }
    },
  },
  {
    name: "menu: it opens on the view on show, Tab goes on from there, and Escape leads back to the button",
    async run(browser, site) {
      await openFront(browser, site);
      await browser.evaluate(() => document.querySelector("#menu").focus());
      await browser.key("Enter");
      await browser.until((title) => document.activeElement?.textContent === title, VIEWS[0].title);
      await browser.key("Tab");
      assert.ok((await browser.find(VIEWS[1].title, "link")).focused);
      await browser.key("Escape");
      assert.ok((await browser.find("All views", "button")).focused);
      await shows(browser, VIEWS[0]);
    },
  },
  {
    name: "menu: the view before and the next are a click away, and Forward and Back follow",
    seconds: 120,
    async run(browser, site) {
      await openFront(browser, site);
      assert.equal(await browser.evaluate(() => document.querySelector("#previous").checkVisibility()), false);
      for (const view of VIEWS.slice(1)) {
        await browser.click(`next view: ${view.title}`, "link");
        await shows(browser, view);
      }
      assert.equal(await browser.evaluate(() => document.querySelector("#next").checkVisibility()), false);
      await browser.click(`previous view: ${VIEWS.at(-2).title}`, "link");
      await shows(browser, VIEWS.at(-2));
      await browser.evaluate(() => history.back());
      await shows(browser, VIEWS.at(-1));
      await browser.evaluate(() => history.forward());
      await shows(browser, VIEWS.at(-2));
    },
  },
  {
    name: "menu: a link takes the drawing and unknown keys along, and works before anything is loaded",
    async run(browser, site) {
      await openFront(browser, site, "#lesson=4&digit=3");
      const strokes = await browser.until(() => document.querySelector("conv-scope").state?.strokes);
      const links = await browser.evaluate(() =>
        Array.from(document.querySelectorAll("#views li a"), (link) => link.getAttribute("href")),
      );
      assert.deepEqual(
        links,
        VIEWS.map(({ name }) => `#view=${name}`),
      );
      for (const view of VIEWS.slice(1, 5)) {
        await choose(browser, view.title);
        await shows(browser, view);
        const state = await browser.evaluate(() => document.querySelector("conv-scope").state);
        assert.equal(state.strokes, strokes, view.name);
        assert.match(await browser.evaluate(() => location.hash), /lesson=4/);
      }
    },
  },
  {
    name: "menu: the first stop of Tab skips to the view, and the address stays",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}#view=padding`);
      await browser.find("Play", "button");
      const before = await browser.evaluate(() => location.hash);
      await browser.evaluate(() => document.querySelector("#skip").focus());
      assert.ok((await browser.find("Skip to the view", "link")).height >= 20);
      await browser.key("Enter");
      assert.equal(await browser.evaluate(() => document.activeElement.id), "content");
      assert.equal(await browser.evaluate(() => location.hash), before);
    },
  },
  {
    name: "menu: axe-core finds nothing in it, light and dark",
    engines: ["chromium"],
    async run(browser, site) {
      for (const dark of [false, true]) {
        await browser.emulateMedia({ dark });
        await openFront(browser, site);
        await browser.click("All views", "button");
        assert.deepEqual(await browser.accessibilityViolations(), []);
      }
      await browser.emulateMedia({});
    },
  },
  {
    name: "menu: a frame says in its title and heading which view it shows",
    async run(browser, site) {
      for (const { name, title } of VIEWS.slice(4, 6)) {
        await browser.open("about:blank");
        await browser.open(`${site.url}embed.html#view=${name}`);
        const says = () => [document.title, document.querySelector("h1").textContent];
        await browser.until(() => document.title !== "convscope");
        assert.deepEqual(await browser.evaluate(says), [`${title} · convscope`, title]);
      }
    },
  },
  {
    name: "menu: a name that every object knows is no view",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}#view=constructor`);
      await browser.until(() => finder.one("convscope-playground") !== undefined);
      assert.equal(await browser.evaluate(() => document.querySelector("h1").textContent), VIEWS[0].title);
    },
  },
];
