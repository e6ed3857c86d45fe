// The licences of everything that dist/ is made of, as their packages tell them: npm packages by what was bundled, crates
// by what the WebAssembly file is linked from, and Rust's own library. A package without a notice ends the build.
import { execFileSync } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** @typedef {{ name: string, version: string, license: string, text: string }} Notice */

const WASM = "wasm32-unknown-unknown";

/**
 * What of Rust's own library, besides its own code, is in a wasm file that aborts instead of unwinding: its allocator and
 * its hash maps.
 */
const LINKED_WITH_STD = ["dlmalloc", "hashbrown"];

const IS_NOTICE = /^(licen[cs]e|copying|unlicense|copyright|notice)/i;
/** What a package that may be used by the terms of MIT offers besides. */
const IS_ALTERNATIVE = /apache|unlicense|copying|bsd/i;

/**
 * The notices in a package's folder. Where its licence leaves the choice, those of MIT.
 *
 * @param {string} folder
 * @param {{ name: string, version: string, license: string }} about
 * @returns {Promise<Notice>}
 */
export async function noticeOf(folder, about) {
  const files = (await readdir(folder)).filter((file) => IS_NOTICE.test(file)).sort();
  const chosen = files.some((file) => /mit/i.test(file)) ? files.filter((file) => !IS_ALTERNATIVE.test(file)) : files;
  const texts = await Promise.all(chosen.map((file) => readFile(join(folder, file), "utf8")));
  return checked({ ...about, text: texts.map((text) => text.replaceAll("\r\n", "\n").trim()).join("\n\n") });
}

/** @param {Notice} notice */
function checked(notice) {
  const { name, version, license, text } = notice;
  if (!license) throw new Error(`${name} ${version}: it is in dist/ and names no licence`);
  if (!text) throw new Error(`${name} ${version}: it is in dist/, so its notice must be too, and it has none`);
  return notice;
}

/** @param {string} web @param {Set<string>} bundled names of packages @returns {Promise<Notice[]>} */
async function ofPackages(web, bundled) {
  const { packages } = JSON.parse(await readFile(join(web, "package-lock.json"), "utf8"));
  return Promise.all(
    Array.from(bundled, (name) => {
      const folder = `node_modules/${name}`;
      const locked = packages[folder];
      if (!locked || locked.dev) throw new Error(`${name}: it is in dist/ and no dependency in package-lock.json`);
      return noticeOf(join(web, folder), { name, version: locked.version, license: locked.license });
    }),
  );
}

/** The crates that the wasm is linked from, those of this project left out. @param {string} root */
async function ofCrates(root) {
  const options = ["metadata", "--format-version=1", "--locked", `--filter-platform=${WASM}`];
  const text = execFileSync("cargo", options, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  const { packages, resolve } = JSON.parse(text);
  const byId = new Map(packages.map((/** @type {any} */ crate) => [crate.id, crate]));
  const edges = new Map(resolve.nodes.map((/** @type {any} */ node) => [node.id, node.deps]));
  const found = new Set([packages.find((/** @type {any} */ { name }) => name === "convscope-wasm").id]);
  for (const id of found)
    for (const { pkg, dep_kinds } of edges.get(id)) {
      // Macros and build scripts have done their work by then.
      const isMacro = byId.get(pkg).targets.some((/** @type {any} */ { kind }) => kind.includes("proc-macro"));
      if (!isMacro && dep_kinds.some((/** @type {any} */ { kind }) => kind === null)) found.add(pkg);
    }
  const crates = Array.from(found, (id) => byId.get(id)).filter(({ source }) => source !== null);
  return Promise.all(
    crates.map(({ name, version, license, manifest_path }) =>
      noticeOf(dirname(manifest_path), { name, version, license }),
    ),
  );
}

/** Rust's own library, whose notices come with the compiler. @param {string} root @returns {Promise<Notice[]>} */
async function ofRust(root) {
  const output = (/** @type {string[]} */ ...options) =>
    execFileSync("rustc", options, { cwd: root, encoding: "utf8" }).trim();
  const documents = join(output("--print", "sysroot"), "share/doc");
  const [html, mit, unicode] = await Promise.all(
    ["rust/COPYRIGHT-library.html", "cargo/LICENSE-MIT", "rust/licenses/Unicode-3.0.txt"].map((file) =>
      readFile(join(documents, file), "utf8"),
    ),
  );
  const version = output("--version").split(" ")[1];
  const own = html.match(/<h2[^>]*>Short version.*?(?=<h2[^>]*>Out-of-tree)/s)?.[0] ?? "";
  const library = { name: "The Rust standard library", version, license: "MIT OR Apache-2.0, and Unicode-3.0" };
  const linked = LINKED_WITH_STD.map((name) => {
    const section = html.match(new RegExp(`<h3>[^<]*\\b${name}-(\\d[^<]*)</h3>.*?(?=<h3>|$)`, "s")) ?? ["", ""];
    const text = section[0].match(/<code>LICENSE-MIT<\/code><\/summary>\s*<pre>(.*?)<\/pre>/s)?.[1] ?? "";
    return checked({ name, version: section[1], license: "MIT OR Apache-2.0", text: plain(text) });
  });
  return [checked({ ...library, text: own && [plain(own), mit.trim(), unicode.trim()].join("\n\n") }), ...linked];
}

/** @param {string} html @returns {string} its words */
function plain(html) {
  const words = html.replace(/<[^>]*>/g, "").replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  return words
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{2,}/g, "\n\n")
    .trim();
}

/**
 * Our own licence, then those of others: each text once, behind the names of all who have it.
 *
 * @param {string} web this folder
 * @param {Set<string>} bundled the npm packages in the scripts, by name
 */
export async function licenses(web, bundled) {
  const root = dirname(web);
  const found = (await Promise.all([ofPackages(web, bundled), ofCrates(root), ofRust(root)])).flat();
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const { name, version, license, text } of found) {
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = Array.from(byText, ([text, names]) => `${names.sort().join("\n")}\n\n${text}`).sort();
  const own = (await readFile(join(root, "LICENSE"), "utf8")).trim();
  const line = `\n\n${"-".repeat(80)}\n\n`;
  return [`convscope\n\n${own}`, "It is made with the following.", ...parts].join(line).concat("\n");
}
