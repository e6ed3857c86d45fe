// Somebody who tries everything: each view from the menu, and there whatever can be clicked, dragged, typed into, chosen or
// reached with a key, by chance. Between two rounds the page goes back to its first view, where what it holds is bounded.
import { setTimeout as wait } from "node:timers/promises";
import { VIEWS } from "../../../web/views.js";
import { MEGABYTE, inMegabytes } from "./page.mjs";

const ACTIONS_PER_VIEW = 14;
const VIEWS_PER_ROUND = 6;
/** Rounds from one reload to the next. */
const RELOAD_AFTER = 4;
/** Milliseconds between two actions. */
const PAUSE = 60;
/** The most of each, on the first view. */
const MOST = {
  heap: { most: 64 * MEGABYTE, shown: inMegabytes },
  wasm: { most: 256 * MEGABYTE, shown: inMegabytes },
  nodes: { most: 15_000, shown: String },
  listeners: { most: 3000, shown: String },
  workers: { most: 16, shown: String },
};
const KEYS = ["Tab", "Enter", " ", "Escape", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "7"];
const TYPED = ["0", "1", "-3", "0.5", "1e9", "1e300", "abc", "", ",", "0,01", "16"];

const USABLE =
  "button, select, input:not([type=file]), summary, textarea, [tabindex], [role=button], [role=img], canvas, svg";

/** What can be used, in the document's order; runs inside the page. */
function usable(selector) {
  return finder
    .all(selector)
    .map((element, index) => ({ element, index }))
    .filter(({ element }) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled"))
    .map(({ element, index }) => ({
      index,
      kind: element.localName === "input" ? element.type : element.localName,
      name: (element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent ?? "").trim().slice(0, 40),
    }));
}

/** Scrolls to one of them and says where it is; runs inside the page. */
function placeOf(selector, index) {
  const element = finder.all(selector)[index];
  if (!element?.checkVisibility()) return undefined;
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}

/** Chooses in a list; runs inside the page. */
function chooseAt(selector, index, share) {
  const list = finder.all(selector)[index];
  if (!list?.options?.length) return;
  list.selectedIndex = Math.floor(share * list.options.length);
  list.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * @param {import("./page.mjs").Page} page
 * @param {number} minutes that it takes
 * @param {import("../../fuzz/random.mjs").Random} random
 * @returns {Promise<string[]>} what went wrong, in words
 */
export async function wander({ browser, site, page, held }, minutes, random) {
  const end = Date.now() + 60_000 * minutes;
  const last = [];
  const did = (action) => {
    last.push(action);
    if (last.length > 30) last.shift();
  };
  const inside = ({ x, y, width, height }) => ({ x: x + random.unit() * width, y: y + random.unit() * height });

  async function show(name) {
    did(`open ${name}`);
    await browser.evaluate((name) => {
      finder.all("dialog[open]").forEach((dialog) => dialog.close());
      document.getElementById("views").showPopover();
      finder
        .all("li a")
        .find(({ hash }) => new URLSearchParams(hash.slice(1)).get("view") === name)
        .click();
    }, name);
    // Not the element itself: one that holds a session does not pass as JSON, and comes out as nothing.
    await browser.until((name) => finder.one(`convscope-${name}`) !== undefined, name);
    await wait(300);
  }

  async function use({ index, kind, name }) {
    const chance = random.unit();
    const share = random.unit();
    const place = await browser.evaluate(placeOf, USABLE, index);
    if (!place) return;
    const from = inside(place);
    const to = inside(place);
    did(`${kind} "${name}"`);
    if (kind === "select") return browser.evaluate(chooseAt, USABLE, index, share);
    if (chance < 0.25) {
      const between = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
      const way = [from, between, to].map((at) => ({ type: "move", ...at }));
      return browser.pointer([way[0], { type: "down" }, way[1], way[2], { type: "up" }]);
    }
    await browser.pointer([{ type: "move", ...from }, { type: "down" }, { type: "up" }]);
    if (["text", "number", "textarea"].includes(kind)) {
      const text = random.one(TYPED);
      did(`type "${text}"`);
      await page.keyboard.down("Control");
      await page.keyboard.press("a");
      await page.keyboard.up("Control");
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
    }
  }

  async function act() {
    const chance = random.unit();
    if (chance < 0.2) {
      const [key, shift] = [random.one(KEYS), random.below(4) === 0];
      did(`press ${shift ? "Shift " : ""}${key}`);
      return browser.key(key, { shift });
    }
    if (chance < 0.23) {
      const [width, height] = random.one([[1280, 800], [390, 844], [800, 600]]); // prettier-ignore
      did(`size ${width} × ${height}`);
      return browser.setViewport(width, height);
    }
    if (chance < 0.25) {
      did("go back");
      await browser.evaluate(() => history.back());
      await wait(200);
      if (!page.url().startsWith(site.url)) await browser.open(site.url);
      return undefined;
    }
    const all = await browser.evaluate(usable, USABLE);
    return all.length ? use(random.one(all)) : undefined;
  }

  async function problems() {
    return (await browser.problems()).map((problem) => `in the page: ${problem}`);
  }

  async function round(number) {
    if (number % RELOAD_AFTER === 0) {
      did("reload");
      await browser.open("about:blank");
      await browser.open(site.url);
      await browser.until(() => document.querySelector("conv-scope").state?.model);
    }
    for (let left = VIEWS_PER_ROUND; left > 0 && Date.now() < end; left--) {
      const next = untried.length ? untried.splice(random.below(untried.length), 1)[0] : random.one(VIEWS).name;
      await show(next);
      for (let action = 0; action < ACTIONS_PER_VIEW; action++) {
        await act();
        await wait(PAUSE);
        const found = await problems();
        if (found.length) return found;
      }
    }
    await show("playground");
    await wait(1000);
    const sample = await held();
    const values = Object.entries(MOST).map(([name, { shown }]) => `${name} ${shown(sample[name])}`);
    console.log(`round ${number + 1}  ${values.join("  ")}`);
    const grown = Object.entries(MOST).filter(([name, { most }]) => sample[name] > most);
    return [
      ...grown.map(([name, { most, shown }]) => `${name} is ${shown(sample[name])}, ${shown(most)} is the most`),
      ...(await problems()),
    ];
  }

  const untried = VIEWS.map(({ name }) => name);
  for (let number = 0; Date.now() < end; number++) {
    const found = await round(number).catch(async (error) => [String(error), ...(await problems())]);
    if (found.length) return [...found, `the last actions: ${last.join("; ")}`];
  }
  return untried.length ? [`there was no time for ${untried.join(", ")}`] : [];
}
