// How long after the pen has moved the maps have followed: node tests/peers/drawing.mjs --executable /usr/bin/chromium
// Draws generated digits on the built page, a point a frame.
import { setTimeout as wait } from "node:timers/promises";
import { measureResponse } from "./response.mjs";

const digits = 10;

await measureResponse({
  address: "index.html",
  event: "pointermove",
  title: "pointer moved",
  async act(browser) {
    const drawings = await browser.evaluate(async (count) => {
      const { loadEngine } = await import("./convscope.js");
      const engine = await loadEngine();
      const drawings = Array.from(
        { length: count },
        (_, seed) => engine.generateDigit({ label: seed % 10, seed }).strokes,
      );
      engine.close();
      return drawings;
    }, digits);
    const { x, y, width, height } = await browser.find("Drawing pad");
    for (const strokes of drawings) {
      for (const [first, ...rest] of strokes) {
        const move = ([right, down]) => ({ type: "move", x: x + right * width, y: y + down * height });
        await browser.pointer([move(first), { type: "down" }]);
        for (const point of rest) {
          await browser.pointer([move(point)]);
          await wait(1000 / 60);
        }
        await browser.pointer([{ type: "up" }]);
      }
      await browser.click("Clear", "button");
    }
  },
});
