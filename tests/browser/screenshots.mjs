// Pictures of the built pages, for people to look at: node tests/browser/screenshots.mjs --executable /usr/bin/chromium
// Writes target/screenshots/*.png, or with --readme only web/screenshot.png.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Browser } from "./browser.mjs";
import { startPuppeteer } from "./drivers/puppeteer.mjs";
import { startSite } from "./site.mjs";

const pages = { index: "index.html", draw: "embed.html#view=draw", "feature-maps": "embed.html#view=feature-maps" };
const viewports = [[1280, 800], [390, 844]];

/** A 3, as someone might draw it. */
const digit = [
  [[0.32, 0.24], [0.45, 0.17], [0.6, 0.2], [0.66, 0.31], [0.58, 0.42], [0.44, 0.48], [0.6, 0.52],
   [0.69, 0.64], [0.62, 0.78], [0.47, 0.84], [0.31, 0.77]],
]; // prettier-ignore

const { values: options } = parseArgs({
  options: { executable: { type: "string" }, readme: { type: "boolean", default: false } },
});
const root = fileURLToPath(new URL("../../", import.meta.url));
const site = await startSite();
const driver = await startPuppeteer("chromium", options.executable);
const browser = new Browser(driver);

async function show(page, [width, height], dark, file) {
  await browser.setViewport(width, height);
  await browser.emulateMedia({ dark, reducedMotion: true });
  // Leaving the site first makes the same page with another hash load afresh.
  await browser.open("about:blank");
  await browser.open(site.url + page);
  await browser.until(() => Boolean(document.querySelector("conv-scope")?.shadowRoot?.querySelector("*")));
  await browser.draw(digit).catch(() => console.log(`  (${page} has no drawing pad)`));
  await browser.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)));
  await browser.screenshot(root + file);
  console.log(`  ${file}`);
}

if (options.readme) {
  await show(pages.index, viewports[0], false, "web/screenshot.png");
} else {
  await mkdir(`${root}target/screenshots`, { recursive: true });
  for (const [name, page] of Object.entries(pages)) {
    for (const viewport of viewports) {
      for (const theme of ["light", "dark"]) {
        await show(page, viewport, theme === "dark", `target/screenshots/${name}-${viewport[0]}-${theme}.png`);
      }
    }
  }
}
await driver.close();
site.close();
