// What a first visit downloads, as a host that compresses would send it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";

/**
 * 250,000 bytes, and 15,000 that were allowed for the six packages of the bindings. These take a part of it; the rest
 * goes to what the core tells of itself, the arguments that it declares, and the menu.
 */
const limit = 265_000;

export const tests = [
  {
    name: `first load: at most ${limit / 1000} KB compressed, nothing from another host`,
    engines: ["chromium"],
    async run(browser, site) {
      site.requests.splice(0);
      await browser.open(site.url);
      await browser.until(() =>
        performance.getEntriesByType("resource").some(({ name }) => name.endsWith(".safetensors")),
      );
      for (let seen = 0; seen < site.requests.length; await wait(1000)) seen = site.requests.length;

      const elsewhere = await browser.evaluate(() => {
        const names = performance.getEntriesByType("resource").map(({ name }) => name);
        return names.filter((name) => ![location.origin, "data:", "blob:"].some((start) => name.startsWith(start)));
      });
      assert.deepEqual(elsewhere, []);

      const folder = new URL(site.url).pathname;
      const files = [...new Set(site.requests)]
        .filter((path) => path.startsWith(folder))
        .map((path) => path.slice(folder.length));
      let total = 0;
      for (const file of files.map((name) => name || "index.html")) {
        const size = gzipSync(await readFile(site.path(file)), { level: 9 }).length;
        total += size;
        console.log(`    ${String(size).padStart(7)} ${file}`);
      }
      console.log(`    ${String(total).padStart(7)} bytes in all`);
      assert.ok(total <= limit, `${total} bytes`);
    },
  },
];
