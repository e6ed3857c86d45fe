// Browser tests look for what a person finds, not for where it stands: only their finders open shadow roots.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

const folder = new URL("../browser/", import.meta.url);
const FINDERS = ["accessible.mjs", "browser.mjs", "pages/finder.js"];

test("only the finders of browser tests open shadow roots", async () => {
  const files = (await readdir(folder, { recursive: true })).map((file) => file.replaceAll("\\", "/"));
  const modules = files.filter((file) => /\.m?js$/.test(file));
  const texts = await Promise.all(modules.map((file) => readFile(new URL(file, folder), "utf8")));
  const opening = modules.filter((_, index) => /shadowRoot|renderRoot/.test(texts[index]));
  assert.deepEqual(opening.sort(), FINDERS);
});
