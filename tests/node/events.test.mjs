// What leaves <conv-scope>: its own events, and none of those that its parts tell each other.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

const web = new URL("../../web/", import.meta.url);

test("only conv-scope.js sends events that cross a shadow root", async () => {
  const files = (await readdir(web, { recursive: true })).map((file) => file.replaceAll("\\", "/"));
  const sending = [];
  for (const file of files.filter((file) => file.endsWith(".js") && !file.startsWith("node_modules/"))) {
    if (/composed: true/.test(await readFile(new URL(file, web), "utf8"))) sending.push(file);
  }
  assert.deepEqual(sending, ["conv-scope.js"]);
});
