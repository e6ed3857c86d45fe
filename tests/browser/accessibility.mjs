// What axe-core must not find in a view.
import assert from "node:assert/strict";

/**
 * A test of the view in both themes.
 * @param {string} view
 * @param {(browser: import("./browser.mjs").Browser, site: import("./site.mjs").Site) => Promise<unknown>} open  Opens
 *   it, and waits until there is something to look at.
 */
export function accessibility(view, open) {
  return {
    name: `${view}: axe-core finds nothing, in light and in dark`,
    engines: ["chromium"],
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      for (const dark of [false, true]) {
        await browser.emulateMedia({ dark });
        assert.deepEqual(await browser.accessibilityViolations(), [], dark ? "dark" : "light");
      }
      await browser.emulateMedia({ dark: false });
    },
  };
}
