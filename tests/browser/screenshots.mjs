// Pictures of the built pages, for people to look at: node tests/browser/screenshots.mjs --executable /usr/bin/chromium
// Writes target/screenshots/*.png, of all pages or of those with a name, or with --readme only web/screenshot.png.
import { mkdir } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Browser } from "./browser.mjs";
import { startPuppeteer } from "./drivers/puppeteer.mjs";
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

const pages = [
  { name: "index", address: "index.html", prepare: draw },
  { name: "draw", address: "embed.html#view=draw", prepare: draw },
  {
    name: "train",
    address: "embed.html#view=train&model=lenet5&digit=4",
    prepare: async (browser) => {
      await enabled(browser, "Train");
      await browser.click("Train", "button");
      await browser.until(() => {
        const view = document.querySelector("conv-scope").shadowRoot.querySelector("convscope-train");
        return view.run.epochs.length > 0;
      });
      await browser.click("Pause", "button");
    },
  },
  {
    name: "feature-maps",
    address: "embed.html#view=feature-maps",
    prepare: (browser) => browser.click("Sample", "button"),
  },
  {
    name: "race",
    address: "embed.html#view=race&model=mlp",
    prepare: async (browser) => {
      await browser.until(() => {
        const view = document.querySelector("conv-scope").shadowRoot.querySelector("convscope-race");
        return view?.race && !view.building;
      });
      await browser.click("Train", "button");
      await browser.until(() => {
        const view = document.querySelector("conv-scope").shadowRoot.querySelector("convscope-race");
        return view.race.runners.every(({ run }) => run.epochs.length > 1);
      });
    },
  },
  {
    name: "overfitting",
    address: "embed.html#view=overfitting&model=mlp",
    prepare: async (browser) => {
      await enabled(browser, "Train");
      await browser.click("Train", "button");
      await browser.until(() => {
        const view = document.querySelector("conv-scope").shadowRoot.querySelector("convscope-overfitting");
        return view.run?.state === "finished";
      });
    },
  },
  {
    name: "receptive-field",
    address: "embed.html#view=receptive-field&digit=3&layer=conv2d_3&unit=5&cell=8,4",
    prepare: (browser) =>
      browser.until(() => {
        const view = document.querySelector("conv-scope").shadowRoot?.querySelector("convscope-receptive-field");
        const effective = view?.shadowRoot.querySelector("convscope-effective-field");
        // It is measured for those who see it.
        effective?.scrollIntoView();
        return effective?.field;
      }),
  },
  {
    name: "shift",
    address: "embed.html#view=shift&digit=3",
    prepare: (browser) =>
      browser.until(() => {
        const view = document.querySelector("conv-scope").shadowRoot?.querySelector("convscope-shift");
        return view?.contest.batch && view.contest.lanes.every(({ count }) => count?.finished);
      }),
  },
  {
    name: "activations",
    address: "embed.html#view=activations",
    prepare: (browser) => browser.find("Train", "button"),
  },
  {
    name: "error-surface",
    address: "embed.html#view=error-surface",
    prepare: (browser) => browser.find("Run", "button"),
  },
  { name: "convolution", address: "embed.html#view=convolution", prepare: (browser) => browser.find("Map 1", "grid") },
  {
    name: "pooling",
    address: "embed.html#view=pooling",
    prepare: (browser) => browser.find("Max pooling of the map", "grid"),
  },
  { name: "padding", address: "embed.html#view=padding", prepare: (browser) => browser.find("Play", "button") },
  {
    name: "why",
    address: "embed.html#view=why&digit=3",
    prepare: (browser) =>
      browser.until(() => {
        const view = document.querySelector("conv-scope").shadowRoot.querySelector("convscope-why");
        return Boolean(view?.shadowRoot?.querySelector("convscope-nearest-examples")?.answer);
      }),
  },
  {
    name: "filters",
    address: "embed.html#view=filters&digit=3",
    prepare: async (browser) => {
      await browser.until(() => {
        const view = document.querySelector("conv-scope").shadowRoot?.querySelector("convscope-filters");
        return view?.seen?.found.examples === 10_000;
      });
      await browser.find("Its projection 9", "img");
    },
  },
  {
    name: "embedding",
    address: "embed.html#view=embedding&digit=3",
    prepare: (browser) => browser.find("Map of the validation examples", "application"),
  },
  { name: "data", address: "embed.html#view=data", prepare: (browser) => browser.find("Next", "button") },
  {
    name: "unit",
    address: "embed.html#view=unit&digit=3",
    prepare: (browser) => browser.find("Fill the map", "button"),
  },
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
