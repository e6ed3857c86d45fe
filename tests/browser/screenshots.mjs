// Pictures of the built pages, for people to look at: node tests/browser/screenshots.mjs --executable /usr/bin/chromium
// Writes target/screenshots/*.png, of all pages or of those with a name, or with --readme only web/screenshot.png.
import { mkdir } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Browser } from "./browser.mjs";
import { startPuppeteer } from "./drivers/puppeteer.mjs";
import { VIEWS } from "../../web/views.js";
import { startSite } from "./site.mjs";

/** Points along an ellipse about a centre, between two angles in turns, clockwise from the right. */
const arc = (x, y, width, height, from, to) =>
  Array.from({ length: 25 }, (_, step) => {
    const angle = 2 * Math.PI * (from + ((to - from) * step) / 24);
    return [x + width * Math.cos(angle), y + height * Math.sin(angle)];
  });
const three = [[...arc(0.49, 0.34, 0.15, 0.15, -0.42, 0.22), ...arc(0.48, 0.66, 0.19, 0.18, -0.2, 0.42)]];

const draw = (browser) => browser.draw(three);

async function enabled(browser, button) {
  while ((await browser.find(button, "button")).disabled) await wait(100);
}

/** How a view comes to show something: what its address says beside its name, and what is done there. */
const prepared = {
  draw: { prepare: draw },
  train: {
    state: "model=lenet5&digit=4",
    prepare: async (browser) => {
      await enabled(browser, "Train");
      await browser.click("Train", "button");
      await browser.until(() => {
        const view = finder.one("convscope-train");
        return view.run.epochs.length > 0;
      });
      await browser.click("Pause", "button");
    },
  },
  "feature-maps": {
    prepare: (browser) => browser.click("Sample", "button"),
  },
  race: {
    state: "model=mlp",
    prepare: async (browser) => {
      await browser.until(() => {
        const view = finder.one("convscope-race");
        return view?.race && !view.building;
      });
      await browser.click("Train", "button");
      await browser.until(() => {
        const view = finder.one("convscope-race");
        return view.race.runners.every(({ run }) => run.epochs.length > 1);
      });
    },
  },
  overfitting: {
    state: "model=mlp",
    prepare: async (browser) => {
      await enabled(browser, "Train");
      await browser.click("Train", "button");
      await browser.until(() => {
        const view = finder.one("convscope-overfitting");
        return view.run?.state === "finished";
      });
    },
  },
  "receptive-field": {
    state: "digit=3&layer=conv2d_3&unit=5&cell=8,4",
    prepare: (browser) =>
      browser.until(() => {
        const view = finder.one("convscope-receptive-field");
        const effective = finder.one("convscope-effective-field", view);
        // It is measured for those who see it.
        effective?.scrollIntoView();
        return effective?.field;
      }),
  },
  shift: {
    state: "digit=3",
    prepare: (browser) =>
      browser.until(() => {
        const view = finder.one("convscope-shift");
        return view?.contest.batch && view.contest.lanes.every(({ count }) => count?.finished);
      }),
  },
  activations: {
    prepare: (browser) => browser.find("Train", "button"),
  },
  "error-surface": {
    prepare: (browser) => browser.find("Run", "button"),
  },
  convolution: { prepare: (browser) => browser.find("Map 1", "grid") },
  pooling: {
    prepare: (browser) => browser.find("Max pooling of the map", "grid"),
  },
  padding: { prepare: (browser) => browser.find("Play", "button") },
  why: {
    state: "digit=3",
    prepare: (browser) =>
      browser.until(() => {
        const view = finder.one("convscope-why");
        return Boolean(finder.one("convscope-nearest-examples", view)?.answer);
      }),
  },
  filters: {
    state: "digit=3",
    prepare: async (browser) => {
      await browser.until(() => {
        const view = finder.one("convscope-filters");
        return view?.seen?.found.examples === 10_000;
      });
      await browser.find("Its projection 9", "img");
    },
  },
  embedding: {
    state: "digit=3",
    prepare: (browser) => browser.find("Map of the validation examples", "application"),
  },
  data: { prepare: (browser) => browser.find("Next", "button") },
  unit: {
    state: "digit=3",
    prepare: (browser) => browser.find("Fill the map", "button"),
  },
};
const pages = [
  { name: "index", address: "index.html", prepare: draw },
  {
    name: "menu",
    address: "index.html",
    prepare: (browser) => browser.click("All views", "button"),
  },
  ...VIEWS.filter(({ name }) => name !== "playground").map(({ name }) => {
    const { state = "", prepare = () => {} } = prepared[name] ?? {};
    return { name, address: `embed.html#view=${name}${state && `&${state}`}`, prepare };
  }),
];
const viewports = [
  [1280, 800],
  [390, 844],
];

const { values: options } = parseArgs({
  options: {
    executable: { type: "string" },
    only: { type: "string", default: "" },
    readme: { type: "boolean", default: false },
  },
});
const root = fileURLToPath(new URL("../../", import.meta.url));
const site = await startSite();
const driver = await startPuppeteer("chromium", options.executable);
const browser = new Browser(driver);

async function show({ address, prepare }, [width, height], dark, file) {
  await browser.setViewport(width, height);
  await browser.emulateMedia({ dark, reducedMotion: true });
  // Leaving the site first makes the same page with another hash load afresh.
  await browser.open("about:blank");
  await browser.open(site.url + address);
  await prepare(browser);
  // Long enough for every map to be drawn and no button to look pressed.
  await wait(1000);
  await browser.screenshot(root + file);
  console.log(`  ${file}`);
}

if (options.readme) {
  await show(pages[0], viewports[0], false, "web/screenshot.png");
} else {
  await mkdir(`${root}target/screenshots`, { recursive: true });
  for (const page of pages.filter(({ name }) => name.includes(options.only))) {
    for (const viewport of viewports) {
      for (const theme of ["light", "dark"]) {
        await show(page, viewport, theme === "dark", `target/screenshots/${page.name}-${viewport[0]}-${theme}.png`);
      }
    }
  }
}
await driver.close();
site.close();
