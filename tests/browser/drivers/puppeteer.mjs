// Chromium over the DevTools protocol, Firefox over WebDriver BiDi.
import { createRequire } from "node:module";
import { setTimeout as wait } from "node:timers/promises";

const puppeteer = createRequire(new URL("../../../web/package.json", import.meta.url))("puppeteer-core");

const chromiumArguments = [
  // Chromium refuses to run its sandbox as root, as continuous integration does.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** A browser as puppeteer knows it, for who needs several pages. */
export const launch = (engine, executablePath) =>
  puppeteer.launch({
    browser: engine === "firefox" ? "firefox" : "chrome",
    executablePath,
    args: engine === "chromium" ? chromiumArguments : [],
    protocolTimeout: 300_000,
  });

/** @returns {Promise<import("../browser.mjs").Driver & { page: import("puppeteer-core").Page }>} */
export async function startPuppeteer(engine, executablePath) {
  const browser = await launch(engine, executablePath);
  // Not the page that is there already: in Firefox it never gets the focus, so that nothing in it matches `:focus`.
  const page = await browser.newPage();
  return {
    engine,
    page,
    open: async (url) => void (await page.goto(url, { waitUntil: "load" })),
    evaluate: (script, ...values) => page.evaluate(script, ...values),
    pointer: (actions, kind) => (kind === "touch" ? touch(page, actions) : mouse(page, actions)),
    key: (name, { shift = false } = {}) => press(page.keyboard, name, shift),
    screenshot: async (path) => void (await page.screenshot({ path, fullPage: true })),
    setViewport: (width, height) => page.setViewport({ width, height }),
    async hide(milliseconds) {
      const other = await browser.newPage();
      await other.bringToFront();
      await wait(milliseconds);
      await other.close();
      await page.bringToFront();
    },
    emulateMedia: ({ dark = false, reducedMotion = false }) =>
      page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: dark ? "dark" : "light" },
        { name: "prefers-reduced-motion", value: reducedMotion ? "reduce" : "no-preference" },
      ]),
    alive: () => page.evaluate(() => true),
    close: () => browser.close(),
  };
}

async function mouse({ mouse }, actions) {
  for (const { type, x, y } of actions) {
    if (type === "move") await mouse.move(x, y);
    else await mouse[type]();
  }
}

/** A finger is nowhere until it touches: moves before that only say where it will. */
async function touch({ touchscreen }, actions) {
  let finger;
  let at = { x: 0, y: 0 };
  for (const action of actions) {
    if (action.type === "move") {
      at = action;
      await finger?.move(at.x, at.y);
    } else if (action.type === "down") {
      finger = await touchscreen.touchStart(at.x, at.y);
    } else {
      await finger?.end();
      finger = undefined;
    }
  }
}

async function press(keyboard, name, shift) {
  if (shift) await keyboard.down("Shift");
  await keyboard.press(name);
  if (shift) await keyboard.up("Shift");
}
