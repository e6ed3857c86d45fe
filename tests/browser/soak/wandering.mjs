// Somebody who tries everything: each view from the menu, and there whatever can be clicked, dragged, typed into, chosen or
// reached with a key, by chance. Between two rounds they train on purpose, and then the page goes back to its first view,
// where what it holds is measured. It is never loaded anew: what is held on to shows.
import { setTimeout as wait } from "node:timers/promises";
import { VIEWS } from "../../../web/views.js";
import { openView, press, reached, run } from "./controls.mjs";
import { MEGABYTE, faults, inMegabytes, told } from "./growth.mjs";

const ACTIONS_PER_VIEW = 12;
const VIEWS_PER_ROUND = 6;
/** The numbers that an action has to choose by, drawn whether it needs them or not. */
const NUMBERS = 8;
/** Milliseconds between two actions. */
const PAUSE = 40;
/** A training on purpose takes so many steps, or as many as come in so many milliseconds. */
const STEPS = 20;
const PATIENCE = 20_000;

/**
 * On the first view, once garbage is collected. The data set that is chosen may be another each time, and lies in buffers;
 * memory of WebAssembly never shrinks, so that the largest data set and the largest model that were in use decide it.
 */
const MEASURES = {
  heap: { growth: 4 * MEGABYTE, most: 48 * MEGABYTE, shown: inMegabytes },
  buffers: { growth: 96 * MEGABYTE, most: 256 * MEGABYTE, shown: inMegabytes },
  wasm: { growth: 128 * MEGABYTE, most: 512 * MEGABYTE, shown: inMegabytes },
  nodes: { growth: 3000, most: 30_000, shown: String },
  listeners: { growth: 500, most: 5000, shown: String },
  workers: { growth: 1, most: 16, shown: String },
};
const KEYS = ["Tab", "Enter", " ", "Escape", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "7"];
const TYPED = ["0", "1", "-3", "0.5", "1e9", "1e300", "abc", "", ",", "0,01", "16"];
const SIZES = [[1280, 800], [390, 844], [800, 600]]; // prettier-ignore

/** @template T @param {readonly T[]} choices @param {number} number from 0 to 1 @returns {T} */
const chosen = (choices, number) => choices[Math.floor(number * choices.length)];

/**
 * @param {import("./page.mjs").Page} page
 * @param {number} minutes that it takes, up to the end of a round
 * @param {import("../../fuzz/random.mjs").Random} random
 * @returns {Promise<string[]>} what went wrong, in words
 */
export async function wander({ browser, site, page, held, problems }, minutes, random) {
  const end = Date.now() + 60_000 * minutes;
  const last = [];
  let [actions, trained] = [0, 0];
  const did = (action) => {
    actions++;
    last.push(action);
    if (last.length > 30) last.shift();
  };

  async function show(name) {
    did(`open ${name}`);
    await browser.evaluate(openView, name);
    // Not the element itself: one that holds a session does not pass as JSON, and comes out as nothing.
    await browser.until((name) => finder.one(`convscope-${name}`) !== undefined, name);
    await browser.drawn();
  }

  /** Clicks, drags, chooses, and types where something can be typed. */
  async function use([control, share, left, top, right, bottom, way]) {
    const place = await reached(browser, control, share);
    if (!place) return did("nothing to use");
    did(place.name);
    if (place.kind === "select") return undefined;
    const at = (across, down) => ({ x: place.x + across * place.width, y: place.y + down * place.height });
    const [from, to] = [at(left, top), at(right, bottom)];
    if (way < 0.25) {
      const between = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
      const path = [from, between, to].map((point) => ({ type: "move", ...point }));
      return browser.pointer([path[0], { type: "down" }, path[1], path[2], { type: "up" }]);
    }
    await browser.pointer([{ type: "move", ...from }, { type: "down" }, { type: "up" }]);
    if (!["text", "number", "textarea"].includes(place.kind)) return undefined;
    const text = chosen(TYPED, share);
    did(`type "${text}"`);
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.up("Control");
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  }

  async function pressKey([key, shift]) {
    const name = chosen(KEYS, key);
    did(`press ${shift < 0.25 ? "Shift " : ""}${name}`);
    await browser.key(name, { shift: shift < 0.25 });
  }

  async function resize([number]) {
    const [width, height] = chosen(SIZES, number);
    did(`size ${width} × ${height}`);
    await browser.setViewport(width, height);
  }

  async function switchTheme() {
    did("theme");
    await browser.evaluate(() => document.getElementById("theme").click());
  }

  /** Within the page: what was there before it would be another one. */
  async function travel([direction]) {
    did(direction < 0.6 ? "back" : "forward");
    await browser.evaluate((back) => {
      const { navigation } = globalThis;
      if (back && navigation.canGoBack) navigation.back();
      if (!back && navigation.canGoForward) navigation.forward();
    }, direction < 0.6);
  }

  /** How often of 100 actions each is done. */
  const ACTIONS = [
    [74, use],
    [16, pressKey],
    [3, resize],
    [3, switchTheme],
    [4, travel],
  ];

  async function act() {
    const [kind, ...numbers] = Array.from({ length: NUMBERS }, () => random.unit());
    let below = 100 * kind;
    const [, action] = ACTIONS.find(([share]) => (below -= share) < 0);
    await action(numbers);
    await wait(PAUSE);
  }

  /** Training as it is meant: start, look, pause, step. Whatever was typed into its settings before may forbid it. */
  async function trainOnPurpose() {
    await show("train");
    const step = async () => (await browser.evaluate(run))?.step ?? 0;
    const before = await step();
    did("Train");
    await browser.evaluate(press, "Train");
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline && Math.abs((await step()) - before) < STEPS) await wait(50);
    for (const text of ["Pause", "Step", "Step"]) {
      did(text);
      await browser.evaluate(press, text);
      await wait(200);
    }
    if ((await step()) !== before) trained++;
    did("Reset");
    await browser.evaluate(press, "Reset");
  }

  async function round(views) {
    for (const name of views) {
      await show(name);
      for (let left = ACTIONS_PER_VIEW; left > 0; left--) {
        await act();
        const found = await problems();
        if (found.length) return found;
      }
    }
    await browser.setViewport(1280, 800);
    await trainOnPurpose();
    await show("playground");
    await wait(1000);
    samples.push(await held());
    const at = ((performance.now() - start) / 60_000).toFixed(1);
    console.log(`${at} min  ${actions} actions  ${trained} trained  ${told(MEASURES, samples.at(-1))}`);
    return problems();
  }

  const start = performance.now();
  const samples = [];
  const views = [];
  await browser.open(site.url);
  await browser.until(() => document.querySelector("conv-scope").state?.model);
  while (Date.now() < end || samples.length < VIEWS.length / VIEWS_PER_ROUND) {
    // All of them, in an order that is drawn anew each time.
    if (views.length < VIEWS_PER_ROUND) {
      const order = VIEWS.map(({ name }) => ({ name, at: random.unit() })).sort((one, other) => one.at - other.at);
      views.push(...order.map(({ name }) => name));
    }
    const found = await round(views.splice(0, VIEWS_PER_ROUND)).catch(async (error) => [
      String(error),
      ...(await problems()),
    ]);
    if (found.length) return [...found, `the last actions: ${last.join("; ")}`];
  }
  return [
    ...faults("using all views", MEASURES, samples),
    ...(trained < samples.length / 2 ? [`only ${trained} of ${samples.length} trainings took a step`] : []),
  ];
}
