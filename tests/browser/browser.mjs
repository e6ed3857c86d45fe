// What a browser test holds in its hand: one engine, and how a person would find and use things in its page.
import { setTimeout as wait } from "node:timers/promises";
import { locate } from "./accessible.mjs";

/**
 * What each engine's driver does. Coordinates are CSS pixels of the viewport.
 * @typedef {object} Driver
 * @property {"chromium" | "firefox" | "webkit"} engine
 * @property {(url: string) => Promise<void>} open  Loads a page and waits for its `load` event.
 * @property {(script: Function, ...values: unknown[]) => Promise<any>} evaluate  Calls a function inside the page,
 *   where it sees nothing but the values given; they and what it returns, or resolves to, pass as JSON.
 * @property {(actions: PointerAction[], kind?: "mouse" | "touch") => Promise<void>} pointer
 * @property {(name: string, modifiers?: { shift?: boolean }) => Promise<void>} key  A name as in `KeyboardEvent.key`.
 * @property {(file: string) => Promise<void>} screenshot  Writes a PNG of the page.
 * @property {(width: number, height: number) => Promise<void>} setViewport  To be followed by `open`.
 * @property {(milliseconds: number) => Promise<void>} hide  Puts another tab in front for so long; not in WebKit.
 * @property {(features: { dark?: boolean, reducedMotion?: boolean }) => Promise<void>} emulateMedia  Chromium only.
 * @property {() => Promise<boolean>} alive  Whether the browser still answers.
 * @property {() => Promise<void>} close  Ends it, dead or alive.
 *
 * @typedef {{ type: "move", x: number, y: number } | { type: "down" } | { type: "up" }} PointerAction
 */

const patience = 40_000;

/** Scrolls the page so that something at that place can be clicked; runs inside the page. */
function scrollTo({ y, height }) {
  if (y < 0 || y + height > innerHeight)
    window.scrollBy({ top: y + height / 2 - innerHeight / 2, behavior: "instant" });
}

/** Resolves when what moves has been seen to move: some frames later; runs inside the page. */
async function framesLater() {
  for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/**
 * Resolves when every element of the page shows what it was given: they appear one after the other; runs inside the
 * page.
 */
async function drawn() {
  const complete = async (root) => {
    for (const element of root.querySelectorAll("*")) {
      await element.updateComplete;
      if (element.shadowRoot) await complete(element.shadowRoot);
    }
  };
  await complete(document);
}

export class Browser {
  #problems = [];

  /** @param {Driver} driver */
  constructor(driver) {
    this.driver = driver;
    this.engine = driver.engine;
    for (const name of ["evaluate", "pointer", "key", "screenshot", "setViewport", "hide", "emulateMedia"]) {
      this[name] = driver[name];
    }
  }

  async open(url) {
    await this.#collectProblems();
    await this.driver.open(url);
  }

  /** Waits until a function called inside the page returns something truthy, and returns that. */
  async until(script, ...values) {
    const deadline = Date.now() + patience;
    for (;;) {
      const value = await this.evaluate(script, ...values);
      if (value) return value;
      if (Date.now() > deadline) throw new Error(`waited ${patience / 1000} s for: ${script}`);
      await wait(20);
    }
  }

  /** Waits until every element of the page shows what it was given. */
  async drawn() {
    await this.evaluate(drawn);
  }

  /** Waits for the one element with that accessible name, and role if given: its place, role, text, value and state. */
  async find(name, role) {
    const deadline = Date.now() + patience;
    for (;;) {
      const found = await this.evaluate(locate, name, role);
      if (found.length === 1) return found[0];
      if (Date.now() > deadline)
        throw new Error(`found ${found.length} elements named "${name}", role ${role ?? "any"}`);
      await wait(20);
    }
  }

  /** The same after it has been scrolled to, where it wasn't wholly in the viewport, and has come to rest. */
  async reveal(name, role) {
    for (let before = await this.find(name, role); ;) {
      await this.evaluate(scrollTo, before);
      await this.evaluate(framesLater);
      const now = await this.find(name, role);
      if (now.x === before.x && now.y === before.y) return now;
      before = now;
    }
  }

  async click(name, role, kind) {
    const { x, y, width, height } = await this.reveal(name, role);
    await this.pointer([{ type: "move", x: x + width / 2, y: y + height / 2 }, { type: "down" }, { type: "up" }], kind);
  }

  /** Draws strokes on the element with that name: arrays of [x, y], 0 to 1 from its left and top edge. */
  async draw(strokes, { on = "Drawing pad", kind } = {}) {
    const { x, y, width, height } = await this.find(on);
    const move = ([right, down]) => ({ type: "move", x: x + right * width, y: y + down * height });
    for (const [first, ...rest] of strokes) {
      await this.pointer([move(first), { type: "down" }, ...rest.map(move), { type: "up" }], kind);
    }
  }

  /** What axe-core finds wrong in the page of the site that is open: one line a violation. */
  async accessibilityViolations() {
    return this.evaluate(async () => {
      // As a script of the page's own origin, which is all that its policy allows.
      await new Promise((onload, onerror) => {
        document.head.append(
          Object.assign(document.createElement("script"), { src: "/axe-core/axe.min.js", onload, onerror }),
        );
      });
      const { violations } = await globalThis.axe.run(document);
      return violations.map(
        ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.flat()).join("; ")})`,
      );
    });
  }

  /** What has gone wrong in the pages opened since the last call. */
  async problems() {
    await this.#collectProblems();
    return this.#problems.splice(0);
  }

  async #collectProblems() {
    this.#problems.push(...(await this.evaluate(() => globalThis.observed?.splice(0) ?? [])));
  }
}
