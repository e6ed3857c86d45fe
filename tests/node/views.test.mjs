// Every view stands in one registry; what is told elsewhere agrees with it.
import assert from "node:assert/strict";
import { readFile, readdir, stat } from "node:fs/promises";
import { test } from "node:test";
import { FIRST_VIEW, VIEWS, viewNamed } from "../../web/views.js";

const root = new URL("../../", import.meta.url);

test("every folder of web/views/ is a view of the registry, which loads it", async () => {
  const folders = await readdir(new URL("web/views/", root));
  assert.deepEqual(folders.sort(), VIEWS.map(({ name }) => name).sort());
  for (const { name, load } of VIEWS)
    assert.match(String(load), new RegExp(`import\\("./views/${name}/${name}.js"\\)`));
});

test("the menu has a picture of every view, small enough for all to be loaded at once", async () => {
  for (const { name } of VIEWS)
    for (const theme of ["light", "dark"]) {
      const { size } = await stat(new URL(`web/pictures/${name}-${theme}.webp`, root));
      assert.ok(size <= 8192, `${name}-${theme}: ${size} bytes`);
    }
});

test("README.md lists the views in their order", async () => {
  const readme = await readFile(new URL("README.md", root), "utf8");
  const [, row] = /^\| `view` \|(.*)\|$/m.exec(readme);
  assert.deepEqual(
    Array.from(row.matchAll(/`([\w-]+)`/g), ([, name]) => name),
    VIEWS.map(({ name }) => name),
  );
});

test("index.html and embed.html begin with the first view", async () => {
  for (const page of ["index.html", "embed.html"]) {
    const html = await readFile(new URL(`web/${page}`, root), "utf8");
    assert.ok(html.includes(`<conv-scope view="${FIRST_VIEW.name}">`), page);
  }
});

test("a name that every object knows is no view", () => {
  for (const name of ["constructor", "__proto__", "toString", "", null, undefined])
    assert.equal(viewNamed(name), undefined);
});
