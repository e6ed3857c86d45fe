// Writes the finished static site to dist/, after the wasm builds: node web/build.mjs
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { licenses } from "./licenses.mjs";
import { FIRST_VIEW, GROUPS } from "./views.js";

const web = dirname(fileURLToPath(import.meta.url));
const finished = join(web, "../dist");
/** Where the site is put together, so that a server of the finished one never misses half of it. */
const dist = join(web, "../target/dist");
const wasm = join(web, "../target/web");
const data = join(web, "../data");
const sample = "data/mnist-sample";
/** Whether `cargo xtask mnist` has downloaded all of MNIST, which then is a part of the site. */
const hasMnist = existsSync(join(data, "train-images-idx3-ubyte.gz"));

/** The file of all licences, which the menu leads to. */
const LICENSES = "licenses.txt";
const pages = ["index.html", "embed.html"];
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self' blob:; " +
  "style-src 'self'; img-src 'self' data: blob:";

/**
 * `./file.js?text` is the bundle of that file as the text of a classic script, for a worker that starts from a Blob.
 * `convscope-wasm?instance` is a function that evaluates the glue afresh, since the glue keeps its state in its module.
 */
const bundles = {
  name: "bundles",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /\?(text|instance)$/ }, async ({ path, resolveDir, kind }) => {
      const [file, namespace] = path.split("?");
      return { ...(await resolve(file, { resolveDir, kind })), namespace };
    });
    onLoad({ filter: /./, namespace: "text" }, async ({ path }) => ({
      contents: await bundle(path, { format: "iife", plugins: [bundles, trims(true)] }),
      loader: "text",
    }));
    onLoad({ filter: /./, namespace: "instance" }, async ({ path }) => {
      // All but its default export, which would fetch the wasm itself.
      const stdin = { contents: `export * from ${JSON.stringify(path)};`, resolveDir: web };
      const text = await bundle(path, { entryPoints: undefined, stdin });
      const [exported, names] = text.match(/export\{([^{}]*)\};?$/) ?? [];
      if (!exported) throw new Error("the glue ends with no list of exports");
      const members = names.split(",").map((name) => name.split(" as ").reverse().join(":"));
      return { contents: `export default () => {${text.slice(0, -exported.length)}return {${members}};};` };
    });
  },
};

/**
 * What a page never reads is not in its scripts: the sentences about views are in the HTML already, and the worker is handed
 * arguments that were checked before they were posted.
 */
const trims = (unchecked) => ({
  name: "trims",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]web[\\/]views\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace(/^ +sentence:\s+"[^"]*",\n/gm, "");
      if (contents.includes("sentence: ")) throw new Error("views.js: a sentence is in the scripts");
      return { contents };
    });
    onLoad({ filter: /[\\/]engine[\\/]checks\.js$/ }, async ({ path }) => {
      if (!unchecked) return undefined;
      const text = await readFile(path, "utf8");
      const names = Array.from(text.matchAll(/^export (?:function|const) (\w+)/gm), ([, name]) => `pass as ${name}`);
      return { contents: `const pass = () => pass; export { ${names.join()} };` };
    });
  },
});

/** What the front page shows at first is made of these and what they import. */
const first = ["convscope.js", "address.js", "clipboard.js", `views/${FIRST_VIEW.name}/${FIRST_VIEW.name}.js`];
const firstImports = first.map((file) => `import ${JSON.stringify(join(web, file))};`).join("");
/**
 * All of that in one file, which a browser has sooner and smaller than twenty: what everything that is loaded on its own
 * imports stands in one chunk.
 */
const together = {
  name: "together",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /\.js$/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === together || (kind !== "entry-point" && kind !== "dynamic-import")) return undefined;
      const options = { resolveDir: resolveDir || web, kind, pluginData: together };
      return { path: (await resolve(path, options)).path, namespace: "alone" };
    });
    onLoad({ filter: /./, namespace: "alone" }, ({ path }) => ({
      contents: `${firstImports} export * from ${JSON.stringify(path)};`,
      resolveDir: web,
    }));
  },
};

const options = {
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  define: { MNIST_IS_BESIDE: "false", HAS_FIRST_BUILD: "false" },
  alias: { "convscope-wasm": join(wasm, "convscope_wasm.js") },
  plugins: [bundles, trims(false)],
  outbase: web,
  outdir: dist,
  write: false,
  metafile: true,
  logLevel: "warning",
};

/** The npm packages that the scripts import. */
const bundled = new Set();

/** What esbuild makes with these options: paths with texts. The packages that it reads are noted. */
async function built(more) {
  const { outputFiles, metafile } = await build({ ...options, ...more });
  for (const input of Object.keys(metafile.inputs)) {
    const [, name] = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//) ?? [];
    if (name) bundled.add(name);
  }
  // Of one output the name tells nothing.
  const outputs = Object.entries(metafile.outputs);
  return outputFiles.map(({ path, text }) => {
    const [, { inputs }] = outputs.find(([name]) => outputs.length === 1 || resolve(name) === path);
    return { path, text: Object.keys(inputs).some((input) => CODE.test(input)) ? text : withoutIndents(text) };
  });
}

/** Modules that write code for other programs, in which line breaks count. */
const CODE = /(?:^|[\\/])exchange[\\/]/;

/** One file with all that it imports. */
async function bundle(file, more) {
  const [{ text }] = await built({ entryPoints: [file], ...more });
  return text.trim();
}

/** A minified script breaks lines only inside templates, which are of HTML and CSS, where a space is the same. */
function withoutIndents(text) {
  return text.replace(/\n\s+/g, " ");
}

/** Replaces the scripts and style sheets that a page loads by what `replacement(kind, file)` returns. */
async function replaceLoaded(html, replacement) {
  const loaded =
    /<script\b[^>]*\ssrc="([^"]+)"[^>]*><\/script>|<link\b(?=[^>]*rel="stylesheet")[^>]*\shref="([^"]+)"[^>]*>/g;
  const tags = Array.from(html.matchAll(loaded));
  const texts = await Promise.all(
    tags.map(([, script, style]) => replacement(script ? "script" : "style", script ?? style)),
  );
  return html.replace(loaded, () => texts.shift());
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** A page as it is served: with every view of views.js in its menu, and the words about the first. */
async function pageOf(file) {
  const menu = GROUPS.map(({ title, views }) => {
    const links = views.map(
      (view) => `<li><a href="#view=${view.name}">${escaped(view.title)}</a><p>${escaped(view.sentence)}</p></li>`,
    );
    return `<section><h2>${escaped(title)}</h2><ul>${links.join("")}</ul></section>`;
  });
  const html = await readFile(join(web, file), "utf8");
  return html
    .replace("<!-- the menu of the views -->", () => menu.join("\n"))
    .replace("<!-- the first view's title -->", () => escaped(FIRST_VIEW.title))
    .replace("<!-- the first view's sentence -->", () => escaped(FIRST_VIEW.sentence));
}

/** The files below dist/ that the engine asks for by name. */
async function resources() {
  const files = await readdir(dist, { recursive: true, withFileTypes: true });
  return (
    files
      .filter((file) => file.isFile() && /\.(wasm|json|safetensors|gz|webp)$/.test(file.name))
      // A page that has everything inside has no use for the smaller build.
      .filter((file) => !file.name.startsWith("convscope-first-"))
      .map((file) => relative(dist, join(file.parentPath, file.name)).replaceAll("\\", "/"))
      .sort()
  );
}

/** The site: pages as they are, with the modules they load bundled and split. */
async function writeSite() {
  const entries = new Set(["convscope.js"]);
  for (const page of pages) {
    const html = await pageOf(page);
    if (!html.includes(`content="${policy}"`)) {
      throw new Error(`${page}: its Content-Security-Policy must be "${policy}"`);
    }
    await replaceLoaded(html, (_, file) => entries.add(file));
    await writeFile(join(dist, page), html);
  }
  const outputFiles = await built({
    entryPoints: Array.from(entries, (entry) => ({ in: join(web, entry), out: entry.replace(/\.\w+$/, "") })),
    plugins: [together, ...options.plugins],
    define: { MNIST_IS_BESIDE: String(hasMnist), HAS_FIRST_BUILD: "true" },
    splitting: true,
    // Every chunk lies beside convscope.js, since modules find other files by import.meta.url.
    chunkNames: "[name]-[hash]",
  });
  const notice = `// MIT licence. What others wrote of it: ${LICENSES}\n`;
  for (const { path, text } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, (path === join(dist, "convscope.js") ? notice : "") + text);
  }
  await writeFile(join(dist, LICENSES), await licenses(web, bundled));
  for (const build of await readdir(wasm)) if (build.endsWith(".wasm")) await cp(join(wasm, build), join(dist, build));
  await cp(join(web, "convscope.d.ts"), join(dist, "convscope.d.ts"));
  await cp(join(web, "pictures"), join(dist, "pictures"), { recursive: true });
  for (const name of await readdir(join(web, "models"))) {
    // The descriptions beside them are for training; the weights' files carry their own.
    if (name === "catalogue.json" || name.endsWith(".safetensors"))
      await cp(join(web, "models", name), join(dist, "models", name));
  }
  await cp(join(web, "models/results"), join(dist, "models/results"), { recursive: true });
  await cp(join(web, sample), join(dist, sample), { recursive: true });
}

/** The engine alone, for what runs in Node.js. */
async function writeEngine() {
  const contents =
    'export { loadEngine } from "./engine/thread.js"; export { provideFiles } from "./engine/resources.js";';
  const stdin = { contents, resolveDir: web };
  await writeFile(join(wasm, "engine.mjs"), await bundle(undefined, { entryPoints: undefined, stdin }));
}

/** The page with everything it may load inside, for opening from a disk, where nothing can be fetched. */
async function writeSingleFile() {
  const hashes = { script: [], style: [] };
  const html = await replaceLoaded(await pageOf(pages[0]), async (kind, file) => {
    // In a script, this opening would make the parser look for a second end tag.
    const text = (await bundle(join(web, file))).replaceAll("<!--", "\\x3c!--");
    hashes[kind].push(`'sha256-${createHash("sha256").update(text).digest("base64")}'`);
    return kind === "script" ? `<script type="module">${text}</script>` : `<style>${text}</style>`;
  });
  const inlinePolicy =
    `default-src 'none'; script-src ${hashes.script.join(" ")} 'wasm-unsafe-eval'; worker-src blob:; ` +
    `style-src ${hashes.style.join(" ") || "'none'"}; img-src data: blob:`;
  const data = (await resources()).map(async (name) => {
    const bytes = await readFile(join(dist, name));
    return `<script type="text/plain" data-resource="${name}">${bytes.toString("base64")}</script>\n`;
  });
  const inlined = (await Promise.all(data)).join("");
  const texts = escaped(await readFile(join(dist, LICENSES), "utf8"));
  const link = `<a href="${LICENSES}">Licences</a>`;
  if (!html.includes(link)) throw new Error(`${pages[0]}: needs ${link}`);
  const page = html
    .replace(policy, inlinePolicy)
    // Before the page's own script, which looks for them.
    .replace("</head>", () => `${inlined}</head>`)
    .replace(link, () => `<details><summary>Licences</summary><pre>${texts}</pre></details>`);
  await writeFile(join(dist, "convscope.html"), page);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await writeSite();
await writeSingleFile();
await writeEngine();
// What `cargo xtask mnist` downloaded.
if (existsSync(data))
  await cp(data, join(dist, "data"), { recursive: true, filter: (path) => !path.endsWith(".part") });
await rm(finished, { recursive: true, force: true });
await rename(dist, finished);
