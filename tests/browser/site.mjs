// The built site on two origins of this machine, as a static host would serve it.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { withLittleMemory } from "./pages/little-memory.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What is served where. The site lies below a path, as on GitHub Pages. */
const mounts = {
  "/notes/convscope/": "dist",
  "/axe-core/": "web/node_modules/axe-core",
  "/pages/": "tests/browser/pages",
  "/training/": "web/training",
  "/engine/": "web/engine",
  "/vectors/": "tests/vectors",
  "/web-vectors/": "target/web-vectors",
};

const mediaTypes = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/**
 * `missing`: not there. `cut`: the connection breaks in the middle. `short`: only half of it is there. `mixed-up`: another
 * file in its place. `hanging`: the second half never comes. `scarce`: wasm whose memory can hardly grow.
 * @typedef {"missing" | "cut" | "short" | "mixed-up" | "hanging" | "scarce"} Fault
 */

/** What a network of the catalogue takes beside the memory that the engine starts with, in pages of 64 KiB. */
const SCARCE = 64;

/**
 * @typedef {object} Site
 * @property {string} url  Where the site is, with a slash at its end.
 * @property {string} origin  Where the other folders are, each below its own path (`mounts`).
 * @property {string} otherOrigin  The same folders on another origin.
 * @property {string[]} requests  The paths asked for so far; may be emptied.
 * @property {Map<RegExp, Fault>} faults  What is wrong with the files whose paths match; may be changed.
 * @property {(file: string) => string} path  Where a file of dist/ is on the disk.
 * @property {(file: string) => string} fileUrl  The file: address of a file of dist/.
 * @property {() => void} close
 */

/**
 * @param {{ [path: string]: string }} [more]  Further folders, and where they are served.
 * @returns {Promise<Site>}
 */
export async function startSite(more = {}) {
  const requests = [];
  const folders = { ...mounts, ...more };
  const faults = new Map();
  const servers = [await listen(folders, requests, faults), await listen(folders, requests, faults)];
  const [origin, otherOrigin] = servers.map((server) => `http://127.0.0.1:${server.address().port}`);
  const path = (file) => join(root, "dist", file);
  return {
    url: `${origin}/notes/convscope/`,
    origin,
    otherOrigin,
    requests,
    faults,
    path,
    fileUrl: (file) => pathToFileURL(path(file)).href,
    close: () => servers.forEach((server) => server.close().closeAllConnections()),
  };
}

function listen(folders, requests, faults) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    requests.push(pathname);
    const path = decodeURIComponent(pathname).replace(/\/$/, "/index.html");
    try {
      const [, fault] = Array.from(faults).find(([files]) => files.test(path)) ?? [];
      if (fault === "missing") throw new Error("as if it were not there");
      const right = await content(folders, fault === "mixed-up" ? "/notes/convscope/index.html" : path);
      const body = damaged(right, fault);
      response.writeHead(200, {
        ...(fault === "cut" && { "Content-Length": right.length }),
        "Content-Type": mediaTypes[extname(path)] ?? "application/octet-stream",
        "Cache-Control": "no-store",
        // As static hosts answer: a stranger's page may import the module.
        "Access-Control-Allow-Origin": "*",
      });
      if (fault !== "cut" && fault !== "hanging") return void response.end(body);
      response.write(body, () => fault === "cut" && response.destroy());
    } catch {
      response.writeHead(404).end("not found");
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** @param {Buffer} right @param {Fault} [fault] */
function damaged(right, fault) {
  if (fault === "scarce") return withLittleMemory(right, SCARCE);
  return fault && fault !== "mixed-up" ? right.subarray(0, right.length / 2) : right;
}

async function content(folders, path) {
  const mount = Object.keys(folders).find((prefix) => path.startsWith(prefix));
  const folder = resolve(root, folders[mount]);
  const file = normalize(join(folder, path.slice(mount.length)));
  if (!file.startsWith(folder + sep)) throw new Error("outside of the folder");
  const bytes = await readFile(file);
  // The observer has to be there before anything of the page can go wrong.
  const first = ["observer", "finder"].map((name) => `<script src="/pages/${name}.js"></script>`).join("");
  return extname(file) === ".html" ? bytes.toString().replace("<head>", `<head>${first}`) : bytes;
}
