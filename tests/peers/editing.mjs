// How long after a weight was edited the maps have followed: node tests/peers/editing.mjs --executable
// /usr/bin/chromium Types into the first kernel of the unit view of the built page.
import { setTimeout as wait } from "node:timers/promises";
import { measureResponse } from "./response.mjs";

const edits = 60;

await measureResponse({
  address: "embed.html#view=unit&layer=conv2d&unit=0&digit=3&seed=1",
  event: "edit",
  by: "convscope-unit-channel",
  title: "weight edited",
  async act(browser) {
    const { x, y, width, height } = await browser.reveal("kernel of input", "grid");
    await browser.pointer([{ type: "move", x: x + width / 2, y: y + height / 2 }, { type: "down" }, { type: "up" }]);
    for (let edit = 0; edit < edits; edit++) {
      // The number that stands there is selected: a digit takes its place.
      await browser.key(String(edit % 10));
      await browser.key("Enter");
      await wait(50);
      await browser.key("Enter");
      await wait(50);
    }
  },
});
