// Nothing opens empty: a digit draws itself, until somebody else draws; and what is drawn for a reader is read right.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { FIRST } from "../../web/session/first-drawing.js";
import { packStrokes } from "../../web/session/drawing.js";

const catalogue = JSON.parse(await readFile(new URL("../../web/models/catalogue.json", import.meta.url), "utf8"));
const first = packStrokes(FIRST.strokes);

const one = [
  [0.52, 0.18],
  [0.5, 0.5],
  [0.48, 0.82],
];

async function open(browser, url) {
  await browser.open("about:blank");
  await browser.open(url);
}

const strokes = (browser) => browser.evaluate(() => document.querySelector("conv-scope").state.strokes);

/** Waits until an answer to a drawing at rest has been given, and returns it. */
const answer = (browser) =>
  browser.until(() => {
    const { session } = finder.all("*").find((element) => element.session) ?? {};
    return session?.settled && { digit: session.observation.digit, shown: session.shown.name };
  });

/** How many points the drawing has, frame by frame, until it is whole; runs inside the page. */
async function pointsByFrame(whole) {
  const seen = [];
  while (seen.at(-1) !== whole) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const { session } = finder.one("convscope-pad") ?? {};
    seen.push(session?.drawing.strokes.flat().length ?? 0);
  }
  return seen;
}

/** The first digit of the generator that the network on view misreads; runs inside the page. */
async function misread() {
  const { session } = finder.one("convscope-pad");
  const { loadEngine } = await import("./convscope.js");
  const engine = await loadEngine();
  for (let seed = 0; seed < 100; seed++) {
    for (let label = 0; label < 10; label++) {
      const { strokes } = engine.generateDigit({ label, seed });
      const { class: read } = await session.model.observe({ strokes, shift: [0, 0] });
      if (read !== label) return { label, seed, strokes, read };
    }
  }
  return undefined;
}

export const tests = [
  {
    name: "first drawing: it draws itself in less than a second, maps lighting as it grows, and is read",
    async run(browser, site) {
      await open(browser, site.url);
      const seen = await browser.evaluate(pointsByFrame, FIRST.strokes.flat().length);
      assert.deepEqual(
        seen,
        seen.toSorted((a, b) => a - b),
      );
      assert.ok(new Set(seen).size > 3, String(seen));
      assert.equal((await answer(browser)).digit, 3);
      assert.equal(await strokes(browser), first);
      assert.ok((await browser.find("Undo", "button")).disabled);
    },
  },
  {
    name: "first drawing: it is there at once for those who want no motion",
    engines: ["chromium"],
    async run(browser, site) {
      await browser.emulateMedia({ reducedMotion: true });
      await open(browser, site.url);
      const seen = await browser.evaluate(pointsByFrame, FIRST.strokes.flat().length);
      assert.equal(new Set(seen.filter(Boolean)).size, 1, String(seen));
      await browser.emulateMedia({});
    },
  },
  ...["playground", "draw", "feature-maps", "unit", "receptive-field", "filters", "why", "embedding", "train"].map(
    (view) => ({
      name: `first drawing: ${view} does not open empty`,
      async run(browser, site) {
        await open(browser, `${site.url}embed.html#view=${view}`);
        await browser.until((whole) => document.querySelector("conv-scope").state?.strokes === whole, first);
        const { digit } = await answer(browser);
        // A network that begins to learn has not learnt to read it.
        if (view !== "train") assert.equal(digit, 3);
      },
    }),
  ),
  {
    name: "first drawing: the first stroke of a pen takes its place, Undo brings it back, and Clear is the end of it",
    async run(browser, site) {
      await open(browser, `${site.url}#view=draw`);
      await answer(browser);
      await browser.draw([one]);
      await browser.until(() => finder.one("convscope-pad").session.observation?.digit === 1);
      await browser.click("Undo", "button");
      await browser.until((whole) => document.querySelector("conv-scope").state.strokes === whole, first);
      await browser.click("Clear", "button");
      assert.equal((await browser.find("Prediction", "status")).text, "Draw a digit");
      await browser.click("next view: Feature maps alone", "link");
      await browser.until(() => finder.one("convscope-feature-maps") !== undefined);
      await browser.drawn();
      assert.ok(!(await strokes(browser)));
    },
  },
  {
    name: "first drawing: a pen that comes while it draws itself has the pad for its own",
    async run(browser, site) {
      await open(browser, `${site.url}#view=draw`);
      await browser.until(() => finder.one("convscope-pad")?.session.drawing.strokes.length);
      await browser.draw([one]);
      await browser.until(() => finder.one("convscope-pad").session.observation?.digit === 1);
      const { length } = await browser.evaluate(() => finder.one("convscope-pad").session.drawing.strokes);
      assert.equal(length, 1);
    },
  },
  {
    name: "first drawing: it gives way to a pen after a reload too, when the address brings it",
    async run(browser, site) {
      await open(browser, `${site.url}embed.html#view=draw&strokes=${first}`);
      assert.equal((await answer(browser)).digit, 3);
      await browser.draw([one]);
      await browser.until(() => finder.one("convscope-pad").session.observation?.digit === 1);
    },
  },
  {
    name: "first drawing: a link's digit or strokes are what is drawn",
    async run(browser, site) {
      await open(browser, `${site.url}embed.html#view=draw&digit=7`);
      assert.equal((await answer(browser)).digit, 7);
      const seven = await strokes(browser);
      await open(browser, `${site.url}embed.html#view=draw&strokes=${seven}`);
      assert.equal((await answer(browser)).digit, 7);
      assert.equal(await strokes(browser), seven);
    },
  },
  {
    name: "first drawing: every shipped network reads it",
    async run(browser, site) {
      for (const { name } of catalogue) {
        await open(browser, `${site.url}embed.html#view=draw&model=${name}`);
        assert.deepEqual(await answer(browser), { digit: 3, shown: name });
      }
    },
  },
  {
    name: "samples: a digit that the network on view misreads is not drawn, but one that it reads",
    async run(browser, site) {
      const address = `${site.url}embed.html#view=draw&model=mlp`;
      await open(browser, address);
      await answer(browser);
      const { label, seed, strokes: misreadStrokes, read } = await browser.evaluate(misread);
      assert.notEqual(read, label);
      await open(browser, `${address}&digit=${label}&seed=${seed}`);
      assert.equal((await answer(browser)).digit, label);
      assert.notEqual(await strokes(browser), packStrokes(misreadStrokes));
    },
  },
  {
    name: "samples: of each digit eight by the keys of the pad are all read right, and one seed is one drawing",
    seconds: 120,
    async run(browser, site) {
      await open(browser, `${site.url}embed.html#view=draw`);
      await answer(browser);
      await browser.evaluate(() => finder.one("canvas").focus());
      const read = [];
      for (let digit = 0; digit < 10; digit++) {
        for (let time = 0; time < 8; time++) {
          const before = await strokes(browser);
          await browser.key(String(digit));
          await browser.until((old) => document.querySelector("conv-scope").state.strokes !== old, before);
          read.push((await answer(browser)).digit);
        }
      }
      assert.deepEqual(
        read,
        read.map((_, index) => Math.floor(index / 8)),
      );
      const drawings = [];
      for (let time = 0; time < 2; time++) {
        await open(browser, `${site.url}embed.html#view=draw&digit=5&seed=11`);
        await answer(browser);
        drawings.push(await strokes(browser));
      }
      assert.equal(drawings[0], drawings[1]);
    },
  },
];
