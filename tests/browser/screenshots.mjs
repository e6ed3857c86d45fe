// Pictures of the built pages, for people to look at: node tests/browser/screenshots.mjs --executable /usr/bin/chromium
// Writes target/screenshots/*.png, of all pages or of those with a name, or with --readme only web/screenshot.png, or with
// --thumbnails the menu's web/pictures/*.webp.
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

/**
 * How a view comes to show something: what its address says beside its name, and what is done there. `part`: what of it
 * the menu shows, from the left top corner of the last of these elements on, each inside of the one before, as many
 * pixels wide as `width`, in a page of 1,000 pixels or of `page`.
 */
const prepared = {
  playground: { prepare: draw, part: { of: ["convscope-network-figure", "canvas"], width: 560 } },
  draw: { prepare: draw, part: { of: ["convscope-pad"], width: 480 } },
  train: {
    part: { of: ["convscope-learning-curves", "canvas"], width: 250, page: 640 },
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
    state: "layer=conv2d_1",
    part: { of: ["convscope-network-figure", "canvas"], width: 180 },
    prepare: (browser) => browser.click("Sample", "button"),
  },
  architecture: {
    state: "model=lenet5",
    part: { of: ["convscope-layer-list"], width: 420 },
    prepare: (browser) => browser.until(() => finder.one("convscope-architecture")?.editor?.judgement),
  },
  // Both open with a recorded run.
  race: {
    part: { of: ["convscope-race-curves", "canvas"], width: 250, page: 640 },
    prepare: (browser) => browser.find("Train", "button"),
  },
  overfitting: {
    part: { of: ["convscope-curves", "canvas"], width: 250, page: 640 },
    prepare: (browser) => browser.find("Train", "button"),
  },
  "receptive-field": {
    part: { of: ["convscope-field-chain"], width: 400 },
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
    part: { of: ["convscope-accuracy-map", "convscope-plane"], width: 238 },
    state: "digit=3",
    prepare: (browser) =>
      browser.until(() => {
        const maps = finder.all("convscope-accuracy-map", finder.one("convscope-shift"));
        return maps.length > 0 && maps.every(({ counts }) => counts?.images[0] > 0);
      }),
  },
  activations: {
    part: { of: ["convscope-curves", "canvas"], width: 250, page: 640 },
    prepare: (browser) => browser.find("Train", "button"),
  },
  "error-surface": {
    part: { of: ["convscope-surface-plot"], width: 560 },
    prepare: (browser) => browser.find("Run", "button"),
  },
  convolution: {
    part: { of: ["convscope-filter-card", "convscope-number-grid"], width: 182 },
    prepare: (browser) => browser.find("Map 1", "grid"),
  },
  pooling: {
    part: { of: ["convscope-pooling-panel"], width: 380 },
    prepare: (browser) => browser.find("Max pooling of the map", "grid"),
  },
  padding: { part: { of: ["convscope-window-row"], width: 380 }, prepare: (browser) => browser.find("Play", "button") },
  why: {
    part: { of: ["convscope-occlusion", "convscope-plane"], width: 330 },
    state: "digit=3",
    prepare: (browser) =>
      browser.until(() => {
        const view = finder.one("convscope-why");
        return Boolean(finder.one("convscope-nearest-examples", view)?.answer);
      }),
  },
  filters: {
    part: { of: ["convscope-filter-grid"], width: 250 },
    state: "digit=3",
    prepare: async (browser) => {
      await browser.until(() => {
        const view = finder.one("convscope-filters");
        return view?.seen?.found.examples === 2498;
      });
      await browser.find("Its projection 9", "img");
    },
  },
  embedding: {
    part: { of: ["convscope-point-map"], width: 500 },
    state: "digit=3",
    prepare: (browser) => browser.find("Map of the test examples", "application"),
  },
  data: { part: { of: ["convscope-example-strip"], width: 250 }, prepare: (browser) => browser.find("Next", "button") },
  unit: {
    part: { of: ["convscope-unit-channel"], width: 300 },
    state: "digit=3",
    prepare: (browser) => browser.find("Fill the map", "button"),
  },
};
/** A view in a page of its own. */
function pageOf(name) {
  const { state = "", prepare = () => {} } = prepared[name];
  return { name, address: `embed.html#view=${name}${state && `&${state}`}`, prepare };
}

const pages = [
  { name: "index", address: "index.html", prepare: draw },
  {
    name: "menu",
    address: "index.html",
    prepare: (browser) => browser.click("All views", "button"),
  },
  ...VIEWS.filter(({ name }) => name !== "playground").map(({ name }) => pageOf(name)),
];
const viewports = [
  [1280, 800],
  [390, 844],
];

/** Pixels of a picture in the menu, for screens that have two of them in one of CSS. */
const thumbnail = [216, 144];

const { values: options } = parseArgs({
  options: {
    executable: { type: "string" },
    only: { type: "string", default: "" },
    readme: { type: "boolean", default: false },
    thumbnails: { type: "boolean", default: false },
  },
});
const root = fileURLToPath(new URL("../../", import.meta.url));
const site = await startSite();
const driver = await startPuppeteer("chromium", options.executable);
const browser = new Browser(driver);

async function show({ address, prepare }, [width, height], dark) {
  await browser.setViewport(width, height);
  await browser.emulateMedia({ dark, reducedMotion: true });
  // Leaving the site first makes the same page with another hash load afresh.
  await browser.open("about:blank");
  await browser.open(site.url + address);
  await prepare(browser);
  // Long enough for every map to be drawn and no button to look pressed.
  await wait(1000);
}

async function keep(file) {
  await browser.screenshot(root + file);
  console.log(`  ${file}`);
}

/** The picture of a view in the menu. */
async function keepPart({ of, width }, file) {
  const { x, y } = await browser.until((selectors) => {
    const element = selectors.reduce((within, selector) => finder.one(selector, within), document);
    const { left, top } = element.getBoundingClientRect();
    return { x: left + scrollX, y: top + scrollY };
  }, of);
  const [pixels, rows] = thumbnail;
  const clip = { x, y, width, height: (width * rows) / pixels, scale: pixels / width };
  await driver.page.screenshot({ path: root + file, type: "webp", quality: 80, clip, captureBeyondViewport: true });
  console.log(`  ${file}`);
}

const themes = ["light", "dark"];
if (options.readme) {
  await show(pages[0], viewports[0], false);
  await keep("web/screenshot.png");
} else if (options.thumbnails) {
  for (const { name } of VIEWS.filter(({ name }) => name.includes(options.only))) {
    const { part } = prepared[name];
    for (const theme of themes) {
      await show(pageOf(name), [part.page ?? 1000, 800], theme === "dark");
      await keepPart(part, `web/pictures/${name}-${theme}.webp`);
    }
  }
} else {
  await mkdir(`${root}target/screenshots`, { recursive: true });
  for (const page of pages.filter(({ name }) => name.includes(options.only))) {
    for (const viewport of viewports) {
      for (const theme of themes) {
        await show(page, viewport, theme === "dark");
        await keep(`target/screenshots/${page.name}-${viewport[0]}-${theme}.png`);
      }
    }
  }
}
await driver.close();
site.close();
