// The arrows between the rooms of web/: they run downwards, and no view knows another.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../../web/", import.meta.url));

/** From the top down: a room imports from itself and from those in lines below its own. */
const FLOORS = [
  ["the page"],
  ["views"],
  ["network", "runs"],
  ["lens"],
  ["questions"],
  ["cells"],
  ["session"],
  ["training"],
  ["data"],
  ["engine", "ui", "models", "exchange"],
];
/** The public types, which every floor may name in its comments. */
const PUBLIC_TYPES = "convscope.js";

const floorOf = new Map(FLOORS.flatMap((rooms, floor) => rooms.map((room) => [room, floor])));
const roomOf = (file) => (file.includes("/") ? file.split("/")[0] : "the page");
const viewOf = (file) => /^views\/([^/]+)\//.exec(file)?.[1];

/** Every import of every module, those that only name a type included. */
async function imports() {
  const files = (await readdir(web, { recursive: true })).map((file) => file.replaceAll("\\", "/"));
  const modules = files.filter(
    (file) => file.endsWith(".js") && !file.startsWith("node_modules/") && !file.endsWith(".config.js"),
  );
  const found = await Promise.all(
    modules.map(async (file) => {
      const text = await readFile(join(web, file), "utf8");
      return Array.from(text.matchAll(/(from\s+|import\s*\(?\s*)"(\.[^"?]+)/g), ([, how, path]) => ({
        file,
        called: how.includes("("),
        target: relative(web, join(web, dirname(file), path)).replaceAll("\\", "/"),
      }));
    }),
  );
  return found.flat();
}

test("rooms of web/ import only downwards, and no view imports a view", async () => {
  const edges = await imports();
  assert.ok(edges.length > 300, `only ${edges.length} imports found`);
  const wrong = edges.filter(({ file, target, called }) => {
    if (!existsSync(join(web, target))) return true;
    if (target === PUBLIC_TYPES) return !called && roomOf(file) !== "the page";
    if (viewOf(file) && viewOf(target)) return viewOf(file) !== viewOf(target);
    const [from, to] = [roomOf(file), roomOf(target)];
    return from !== to && !((floorOf.get(from) ?? Infinity) < (floorOf.get(to) ?? -Infinity));
  });
  assert.deepEqual(
    wrong.map(({ file, target }) => `${file} → ${target}`),
    [],
  );
});
