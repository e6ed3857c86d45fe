// Before all that loads files.
import "./inlined-files.js";
import "./convscope.js";
import { hashOf, hashOfPage, keepInAddress } from "./address.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

/** @template {HTMLElement} T @param {string} id @returns {T} */
const element = (id) => /** @type {T} */ (document.getElementById(id));

const scope = /** @type {ConvScope} */ (document.querySelector("conv-scope"));
const told = element("told");
const themeButton = /** @type {HTMLButtonElement} */ (element("theme"));
const dialog = /** @type {HTMLDialogElement} */ (element("snippets"));
const frame = /** @type {HTMLTextAreaElement} */ (element("frame"));
const module = /** @type {HTMLTextAreaElement} */ (element("module"));
const view = /** @type {HTMLSelectElement} */ (element("view"));
const menu = element("views");

const writeAddress = keepInAddress(scope);

/** @param {HTMLAnchorElement} link of the menu */
const linkedView = (link) => new URLSearchParams(link.hash.slice(1)).get("view") ?? "";

/** Marks the view on show. */
function markCurrent() {
  for (const link of menu.querySelectorAll("a")) {
    if (linkedView(link) === scope.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

markCurrent();
new MutationObserver(markCurrent).observe(scope, { attributeFilter: ["view"] });
menu.addEventListener("click", ({ target }) => {
  if (!(target instanceof HTMLAnchorElement)) return;
  writeAddress();
  // The model and the drawing go along, into a new tab too.
  const values = Object.fromEntries(new URLSearchParams(hashOfPage(scope)));
  target.hash = hashOf({ ...values, view: linkedView(target) });
  menu.hidePopover();
});

const darkPreferred = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return scope.theme ? scope.theme === "dark" : darkPreferred.matches;
}

/** The page around the element follows its theme. */
function followTheme() {
  document.documentElement.dataset["theme"] = scope.theme ?? "";
  themeButton.textContent = isDark() ? "Light" : "Dark";
}

followTheme();
darkPreferred.addEventListener("change", followTheme);
new MutationObserver(followTheme).observe(scope, { attributeFilter: ["theme"] });
themeButton.addEventListener("click", () => {
  scope.theme = isDark() ? "light" : "dark";
  scope.dispatchEvent(new Event("convscope-change"));
});

/** @param {string} text @param {string} what */
async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = `${what} copied.`;
  } catch {
    told.textContent = `The browser keeps the clipboard from this page. ${what}: ${text}`;
  }
  setTimeout(() => (told.textContent = ""), 6000);
}

element("link").addEventListener("click", () => {
  const url = new URL(location.href);
  url.hash = hashOf(scope.state);
  void copy(url.href, "Link");
});

/** @param {string} text */
function attribute(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}

function writeSnippets() {
  const state = { ...scope.state, view: view.value };
  const base = new URL("./", location.href);
  const source = `${new URL("embed.html", base).href}#${hashOf(state)}`;
  const height = view.value === "draw" ? 400 : 820;
  frame.value = `<iframe src="${attribute(source)}" width="100%" height="${height}" style="border:0" title="convscope"></iframe>`;
  const attributes = Object.entries(state).map(([key, value]) => `${key}="${attribute(value)}"`);
  module.value =
    `<script type="module" src="${new URL("convscope.js", base).href}"></script>\n` +
    `<conv-scope ${attributes.join(" ")}></conv-scope>`;
}

view.addEventListener("change", writeSnippets);
// A page opened from a disk has no address that others could load.
element("notes").hidden = location.protocol === "file:";
element("notes").addEventListener("click", () => {
  writeSnippets();
  dialog.showModal();
});
for (const button of dialog.querySelectorAll("button[data-copies]")) {
  const { copies } = /** @type {HTMLElement} */ (button).dataset;
  button.addEventListener("click", () => void copy(copies === "frame" ? frame.value : module.value, "Snippet"));
}
