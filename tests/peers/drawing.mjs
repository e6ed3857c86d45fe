// How long after the pen has moved the maps have followed: node tests/peers/drawing.mjs --executable /usr/bin/chromium
// Draws generated digits on the built page, a point a frame, and prints the milliseconds from the moment the page is
// told of a move to the last map that is drawn because of it.
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Browser } from "../browser/browser.mjs";
import { startPuppeteer } from "../browser/drivers/puppeteer.mjs";
import { startSite } from "../browser/site.mjs";

const digits = 10;
const frame = 1000 / 60;

const { values: options } = parseArgs({ options: { executable: { type: "string" } } });
const site = await startSite();
const driver = await startPuppeteer("chromium", options.executable);
const browser = new Browser(driver);
await browser.setViewport(1280, 800);
await browser.open(`${site.url}index.html`);
const drawings = await browser.evaluate(async (count) => {
  const { loadEngine } = await import("./convscope.js");
  const engine = await loadEngine();
  const drawings = Array.from({ length: count }, (_, seed) => engine.generateDigit({ label: seed % 10, seed }).strokes);
  engine.close();
  return drawings;
}, digits);

await browser.find("Clear", "button");
await browser.evaluate(() => {
  globalThis.delays = [];
  let moved = 0;
  addEventListener("pointermove", () => (moved = performance.now()), true);
  addEventListener(
    "convscope-prediction",
    // The views draw as they hear of an answer, before this microtask.
    () => queueMicrotask(() => globalThis.delays.push(performance.now() - moved)),
    true,
  );
});
const { x, y, width, height } = await browser.find("Drawing pad");
for (const strokes of drawings) {
  for (const [first, ...rest] of strokes) {
    const move = ([right, down]) => ({ type: "move", x: x + right * width, y: y + down * height });
    await browser.pointer([move(first), { type: "down" }]);
    for (const point of rest) {
      await browser.pointer([move(point)]);
      await wait(frame);
    }
    await browser.pointer([{ type: "up" }]);
  }
  await browser.click("Clear", "button");
}
const delays = (await browser.evaluate(() => globalThis.delays)).sort((a, b) => a - b);
const quantile = (share) => delays[Math.floor(share * (delays.length - 1))].toFixed(1);
console.log(`pointer moved → all maps drawn, default model, ${delays.length} moves`);
console.log(`median ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms, longest ${quantile(1)} ms; a frame is ${frame.toFixed(1)} ms`);
await driver.close();
site.close();
