// The licences of all that the site is made of are beside it.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { noticeOf } from "../../web/licenses.mjs";

const root = new URL("../../", import.meta.url);
const read = (path) => readFile(new URL(path, root), "utf8");

test("licenses.txt has our own licence, and the notice of every package and crate in the site", async () => {
  const text = await read("dist/licenses.txt");
  assert.ok(text.includes((await read("LICENSE")).trim()), "our own");
  const { dependencies } = JSON.parse(await read("web/package.json"));
  const { packages } = JSON.parse(await read("web/package-lock.json"));
  for (const name of [...Object.keys(dependencies), "lit-html", "lit-element", "d3-array"]) {
    const { version, license } = packages[`node_modules/${name}`];
    assert.ok(text.includes(`${name} ${version} (${license})`), name);
  }
  const lock = await read("Cargo.lock");
  const [, direct] = lock.match(/name = "convscope-wasm"\n[^[]*dependencies = \[([^\]]*)\]/) ?? [];
  const crates = Array.from(direct.matchAll(/"([\w-]+)/g), ([, name]) => name).filter(
    (name) => !/^convscope/.test(name),
  );
  assert.ok(crates.length >= 7, String(crates));
  for (const name of [...crates, "fearless_simd", "libm", "serde_json", "dlmalloc", "The Rust standard library"]) {
    assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, "m"));
  }
  assert.doesNotMatch(text, /^(proptest|syn|esbuild|typescript) /m, "what only builds or tests");
});

test("the page leads to the licences, and the page in one file has them inside", async () => {
  assert.match(await read("dist/index.html"), /<a href="licenses\.txt">/);
  assert.match(await read("dist/convscope.js"), /^\/\/ MIT licence[^\n]*licenses\.txt\n/);
  const inside = (await read("dist/convscope.html")).match(/<pre>([^<]*)<\/pre>/)?.[1] ?? "";
  const plain = inside.replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  assert.equal(plain, await read("dist/licenses.txt"));
});

test("a package without a notice, or without a licence's name, is refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "licenses-"));
  try {
    const about = { name: "alone", version: "1.0.0", license: "MIT OR Apache-2.0" };
    await assert.rejects(noticeOf(folder, about), /alone 1\.0\.0: it is in dist\/, so its notice must be too/);
    await writeFile(join(folder, "LICENSE-APACHE"), "of Apache");
    assert.equal((await noticeOf(folder, about)).text, "of Apache");
    await writeFile(join(folder, "LICENSE-MIT"), "of MIT\r\n");
    await writeFile(join(folder, "COPYRIGHT"), "of somebody");
    assert.equal((await noticeOf(folder, about)).text, "of somebody\n\nof MIT");
    await assert.rejects(noticeOf(folder, { ...about, license: "" }), /alone 1\.0\.0: .* names no licence/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
