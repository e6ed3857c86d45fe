// Before all that loads files.
import "./inlined-files.js";
import "./convscope.js";
import { hashOf, hashOfPage, keepInAddress, linkedView } from "./address.js";
import { copied } from "./clipboard.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

/** @template {HTMLElement} T @param {string} id @returns {T} */
const element = (id) => /** @type {T} */ (document.getElementById(id));

const scope = /** @type {ConvScope} */ (document.querySelector("conv-scope"));
const told = element("told");
const themeButton = element("theme");
const menu = element("views");
/**
 * The menu's links to views, in the order of the lecture: what the page knows of its views.
 *
 * @type {HTMLAnchorElement[]}
 */
const links = Array.from(menu.querySelectorAll("li a"));

const writeAddress = keepInAddress(scope);

/** @param {string} words for some seconds */
function say(words) {
  told.textContent = words;
  setTimeout(() => (told.textContent = ""), 6000);
}

/**
 * @template Module
 * @param {Promise<Module>} module
 */
async function loaded(module) {
  try {
    return await module;
  } catch (error) {
    say(`That could not be loaded (${error}). Reload the page to try again.`);
    throw error;
  }
}

/** @type {string | undefined} */
let said;

/** Says which view is on show, and which stand before and after it. */
function sayView() {
  // What is said again is read out again.
  if (said === scope.view) return;
  said = scope.view;
  const at = Math.max(
    0,
    links.findIndex((link) => linkedView(link) === scope.view),
  );
  links.forEach((link, index) => (link.ariaCurrent = index === at ? "page" : null));
  const { textContent, nextElementSibling } = links[at];
  document.title = `${textContent} · convscope`;
  const [title, sentence] = element("about").children;
  title.textContent = textContent;
  sentence.textContent = nextElementSibling?.textContent ?? "";
  for (const [id, step] of /** @type {const} */ ([
    ["previous", -1],
    ["next", 1],
  ])) {
    const link = /** @type {HTMLAnchorElement} */ (element(id));
    const to = links[at + step];
    link.hidden = !to;
    if (!to) continue;
    link.href = to.hash;
    link.textContent = to.textContent;
    link.ariaLabel = `${id} view: ${to.textContent}`;
  }
}

sayView();
scope.addEventListener("convscope-change", sayView);
document.addEventListener("click", ({ target }) => {
  const link = target instanceof Element && target.closest("a");
  if (!link || !linkedView(link)) return;
  writeAddress();
  // The model and the drawing go along, into a new tab too.
  const values = Object.fromEntries(new URLSearchParams(hashOfPage(scope)));
  link.hash = hashOf({ ...values, view: linkedView(link) });
  menu.hidePopover();
});
element("skip").addEventListener("click", (event) => {
  // The address says what is on view, not where in the page it stands.
  event.preventDefault();
  element("content").focus();
});

menu.addEventListener("toggle", async ({ newState }) => {
  if (newState !== "open") return;
  links.find(({ ariaCurrent }) => ariaCurrent)?.focus();
  const { equip } = await loaded(import("./menu.js"));
  equip(menu, isDark());
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

element("link").addEventListener("click", async () => {
  const url = new URL(location.href);
  url.hash = hashOf(scope.state);
  say(await copied(url.href, "Link"));
});

// A page opened from a disk has no address that others could load.
element("notes").hidden = location.protocol === "file:";
element("notes").addEventListener("click", async () => {
  const { showNotes } = await loaded(import("./notes.js"));
  showNotes(scope.state);
});
