// The page as someone uses it: with a pen, with the keyboard alone, with a finger.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { packStrokes } from "../../web/session/drawing.js";
import { choose, locate } from "./accessible.mjs";

/** Points along a curve through the given ones, as close as a pen's. */
const curve = (...corners) =>
  corners.slice(1).flatMap(([x, y], index) => {
    const [fromX, fromY] = corners[index];
    return Array.from({ length: 8 }, (_, step) => [fromX + ((x - fromX) * step) / 8, fromY + ((y - fromY) * step) / 8]);
  });

const digits = {
  0: [
    curve(
      [0.5, 0.2],
      [0.36, 0.32],
      [0.33, 0.52],
      [0.4, 0.74],
      [0.53, 0.8],
      [0.66, 0.7],
      [0.69, 0.48],
      [0.62, 0.27],
      [0.5, 0.2],
    ),
  ],
  1: [curve([0.52, 0.18], [0.5, 0.5], [0.48, 0.82])],
  2: [curve([0.33, 0.34], [0.4, 0.22], [0.56, 0.2], [0.65, 0.32], [0.58, 0.5], [0.34, 0.78], [0.5, 0.77], [0.7, 0.78])],
  7: [curve([0.3, 0.24], [0.5, 0.23], [0.7, 0.22], [0.58, 0.5], [0.47, 0.8])],
};

const prediction = async (browser) => (await browser.find("Prediction", "status")).text;

/** Waits until the status says that digit and nothing else. */
const says = (browser, digit) =>
  waitFor(async () => (await prediction(browser)) === String(digit), `prediction ${digit}`);

/** The picture of a map once it changes no more. */
async function still(browser, name) {
  const pictures = [];
  await waitFor(async () => {
    pictures.unshift(await picture(browser, name));
    return pictures.length >= 10 && pictures.slice(0, 10).every((other) => other === pictures[0]);
  }, `${name} to be still`);
  return pictures[0];
}

async function waitFor(condition, what) {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 10 s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Opens a page and waits until its model is on view. */
async function open(browser, url) {
  await browser.open("about:blank");
  await browser.open(url);
  await browser.find("Model", "combobox");
}

/** The same with the pad blank, after the digit that draws itself there. */
async function openBlank(browser, url) {
  await open(browser, url);
  await says(browser, 3);
  await browser.click("Clear", "button");
  await says(browser, "Draw a digit");
}

/** The colours of a map's picture, as text to compare; runs inside the page. */
function pictureOf(name) {
  const element = finder.one(`[aria-label="${name}"]`);
  if (!element) return undefined;
  // All maps of a layer are on one canvas.
  const canvas = element.matches("canvas")
    ? element
    : (element.querySelector("canvas") ?? element.parentElement.querySelector("canvas"));
  const [all, own] = [canvas, element].map((one) => one.getBoundingClientRect());
  const scale = canvas.width / all.width;
  const [x, y, width, height] = [own.x - all.x, own.y - all.y, own.width, own.height].map((length) =>
    Math.round(scale * length),
  );
  return Array.from(canvas.getContext("2d").getImageData(Math.max(0, x), Math.max(0, y), width, height).data).join();
}
const seen = "The drawing as the network sees it, 28 by 28 pixels";
const picture = (browser, name) => browser.evaluate(pictureOf, name);

const meters = async (browser) => {
  const found = await Promise.all(
    Array.from({ length: 10 }, (_, digit) => browser.find(`Probability of ${digit}`, "meter")),
  );
  return found.map(({ value }) => Number(value));
};

const tabTo = async (browser, name, role) => {
  // What the keys before have moved the focus to is the only map that Tab stops at once all maps know it.
  await browser.drawn();
  for (let presses = 0; presses < 30; presses++) {
    if ((await browser.find(name, role)).focused) return;
    await browser.key("Tab");
  }
  throw new Error(`Tab does not reach ${name}`);
};

export const tests = [
  {
    name: "page: a stroke is one question to the engine, and maps and prediction are its answer",
    async run(browser, site) {
      await open(browser, site.url);
      await browser.evaluate(() => {
        const { postMessage } = Worker.prototype;
        globalThis.asked = [];
        Worker.prototype.postMessage = function (message, transfer) {
          globalThis.asked.push(message.request.method?.name);
          return postMessage.call(this, message, transfer);
        };
      });
      await browser.draw(digits[1]);
      await says(browser, 1);
      const asked = await browser.evaluate(() => globalThis.asked);
      assert.ok(asked.length > 0);
      assert.deepEqual(new Set(asked), new Set(["observe"]));
    },
  },
  {
    name: "page: digits drawn with a pen are named, with their probabilities",
    async run(browser, site) {
      await openBlank(browser, site.url);
      assert.ok((await browser.find("Clear", "button")).disabled);
      for (const [digit, strokes] of Object.entries(digits)) {
        await browser.draw(strokes);
        await says(browser, digit);
        const probabilities = await meters(browser);
        assert.ok(Math.abs(probabilities.reduce((sum, value) => sum + value) - 1) < 0.01, String(probabilities));
        assert.equal(probabilities.indexOf(Math.max(...probabilities)), Number(digit));
        await browser.click("Clear", "button");
        await says(browser, "Draw a digit");
        assert.deepEqual(await meters(browser), new Array(10).fill(0));
      }
    },
  },
  {
    name: "page: maps change while the pen moves, and undo takes the last stroke back",
    async run(browser, site) {
      await openBlank(browser, site.url);
      const maps = [
        "input, map 1 of 1",
        "conv2d, map 1 of 12",
        "conv2d_3, map 24 of 24",
        "max_pooling2d, map 12 of 12",
      ];
      const all = async () => Promise.all(maps.map((name) => picture(browser, name)));
      const blank = await all();
      await browser.draw(digits[1]);
      await says(browser, 1);
      const one = await all();
      maps.forEach((name, index) => assert.notEqual(one[index], blank[index], name));
      await browser.draw([curve([0.2, 0.2], [0.8, 0.2])]);
      await waitFor(async () => (await picture(browser, seen)) !== one[0], "the second stroke to be seen");
      await browser.click("Undo", "button");
      await says(browser, 1);
      assert.deepEqual(await all(), one);
      await browser.click("Clear", "button");
      await browser.click("Undo", "button");
      await says(browser, 1);
    },
  },
  {
    name: "page: the keyboard alone brings samples, shifts them, and opens a map",
    async run(browser, site) {
      await open(browser, site.url);
      await tabTo(browser, "Drawing pad");
      await browser.key("7");
      // Before it, another digit had drawn itself.
      await says(browser, 7);
      const before = await still(browser, seen);
      await browser.key("ArrowRight");
      await waitFor(async () => (await picture(browser, seen)) !== before, "the shift to be seen");
      await browser.key("ArrowLeft");
      await waitFor(async () => (await picture(browser, seen)) === before, "the shift back");

      await tabTo(browser, "conv2d, map 1 of 12", "button");
      await browser.key("ArrowDown");
      assert.ok((await browser.find("conv2d, map 3 of 12", "button")).focused);
      await browser.key("ArrowRight");
      await browser.key("ArrowRight");
      assert.ok((await browser.find("conv2d_1, map 3 of 12", "button")).focused);
      await browser.key("Enter");
      const enlarged = "Values of conv2d_1, map 3 of 12: arrow keys go from cell to cell";
      await waitFor(async () => (await browser.find(enlarged)).focused, "the keys in the lens");
      const place = async () => {
        const { text } = await browser.find("Value", "status");
        const [, row, column] = /^row (\d+), column (\d+): [−\d.]+/.exec(text);
        return [Number(row), Number(column)];
      };
      // It begins where the map responds most.
      const [row, column] = await place();
      await browser.key("ArrowLeft");
      await browser.key("ArrowUp");
      await waitFor(async () => String(await place()) === String([row - 1, column - 1]), "another cell");
      await browser.key("Escape");
      await waitFor(
        async () => (await browser.find("conv2d_1, map 3 of 12", "button")).focused,
        "the focus back on the map",
      );
      assert.deepEqual(await browser.evaluate(locate, "Value", "status"), []);
    },
  },
  {
    name: "page: another model keeps the drawing",
    async run(browser, site) {
      await open(browser, site.url);
      await browser.draw(digits[0]);
      await says(browser, 0);
      const before = await picture(browser, seen);
      await browser.find("conv2d_3, map 1 of 24", "button");
      await browser.evaluate(choose, "Model", "lenet5-1998");
      await browser.find("average_pooling2d, map 1 of 6", "button");
      await says(browser, 0);
      assert.equal(await picture(browser, seen), before);
    },
  },
  {
    name: "page: a finger at 390 pixels draws, and the page does not scroll sideways",
    async run(browser, site) {
      await browser.setViewport(390, 844);
      await open(browser, site.url);
      await browser.draw(digits[7], { kind: "touch" });
      await says(browser, 7);
      const { scrolled, width } = await browser.evaluate(() => ({
        scrolled: scrollY,
        width: document.documentElement.scrollWidth - innerWidth,
      }));
      assert.equal(scrolled, 0);
      assert.ok(width <= 0, `${width} pixels too wide`);
      await browser.click("Clear", "button", "touch");
      await says(browser, "Draw a digit");
      for (const name of ["Clear", "Undo", "Sample", "What adds to the answer 3"]) {
        const { width, height } = await browser.find(name, "button");
        assert.ok(width >= 24 && height >= 24, `${name}: ${width} × ${height}`);
      }
    },
  },
  {
    name: "page: the address carries model, drawing and open map, and keeps keys it does not know",
    async run(browser, site) {
      await open(browser, `${site.url}#model=lenet5&lesson=4`);
      await browser.draw(digits[2]);
      await says(browser, 2);
      await browser.click("conv2d_1, map 5 of 16", "button");
      const href = await browser.until(
        () => /unit=4/.test(location.hash) && /strokes=/.test(location.hash) && location.href,
      );
      assert.match(href, /lesson=4/);
      const image = await picture(browser, seen);
      for (const page of ["index.html", "embed.html"]) {
        await open(browser, href.replace(site.url, site.url + page));
        await says(browser, 2);
        await browser.find("Values of conv2d_1, map 5 of 16: arrow keys go from cell to cell");
        assert.ok(difference(await picture(browser, seen), image) < 4, "the same image");
      }
    },
  },
  {
    name: "page: a broken address, an unknown model and a missing file are told in words",
    async run(browser, site) {
      await open(browser, `${site.url}#strokes=%F0%9F%A6%86&shift=x,&layer=none&unit=99&seed=-1&view=`);
      await says(browser, 3);
      await browser.draw(digits[1]);
      await says(browser, 1);
      await browser.evaluate(() => document.querySelector("conv-scope").setAttribute("model", "alexnet"));
      await browser.find("Try again", "button");
      assert.match((await browser.find("Problem", "alert")).text, /There is no model "alexnet".* stays/);
      await says(browser, 1);
    },
  },
  {
    name: "page: numbers of an address that are none of their range count as not given, or as the end of the range",
    async run(browser, site) {
      const stroke = packStrokes(digits[1]);
      for (const [hash, expected] of [
        [`strokes=${stroke}&shift=1e300,-1e300`, { shift: "14,-14" }],
        [`strokes=${stroke}&shift=Infinity,NaN`, { shift: "14,0" }],
        [`strokes=${stroke}&layer=conv2d_1&unit=1e300&cell=1e300,-1`, { unit: undefined, cell: undefined }],
        [`strokes=${stroke}&layer=conv2d_1&unit=2&cell=1e300,1`, { unit: "2", cell: undefined }],
        ...["1e300", "-1", "NaN", "1.5", "9007199254740991"].map((seed) => [`digit=4&seed=${seed}`, { seed }]),
        ["digit=1e9", {}],
      ]) {
        await browser.open("about:blank");
        await browser.open(`${site.url}embed.html#model=lenet5&${hash}`);
        const digit = hash.startsWith("digit=4") ? 4 : hash.startsWith("strokes") ? undefined : 3;
        if (digit !== undefined) await says(browser, digit);
        await browser.until(() => finder.one("convscope-playground")?.session?.settled);
        const state = await browser.evaluate(() => document.querySelector("conv-scope").state);
        for (const [key, value] of Object.entries(expected)) assert.equal(state[key], value, `${hash}: ${key}`);
        assert.equal((await browser.find("Problem", "alert")).text, "", hash);
      }
    },
  },
  {
    name: "page: an address opens weights beside the page, and none from elsewhere",
    async run(browser, site) {
      const weightsOf = () => browser.evaluate(() => document.querySelector("conv-scope").getAttribute("weights"));
      for (const elsewhere of [
        "../secret.safetensors",
        "/pages/secret.safetensors",
        `${site.otherOrigin}/a.safetensors`,
      ]) {
        site.requests.splice(0);
        // A page of its own, without the drawing of the one before.
        await browser.open("about:blank");
        await browser.open(`${site.url}embed.html#view=draw&weights=${encodeURIComponent(elsewhere)}`);
        // Once the digit that draws itself is read, nothing moves the pad.
        await says(browser, 3);
        await browser.draw(digits[1]);
        await says(browser, 1);
        assert.equal(await weightsOf(), null, elsewhere);
        assert.deepEqual(
          site.requests.filter((path) => /(secret|\/a)\.safetensors/.test(path)),
          [],
          elsewhere,
        );
      }
      site.requests.splice(0);
      await browser.open(`${site.url}embed.html#view=draw&weights=models/lenet5.safetensors`);
      await browser.draw(digits[1]);
      await says(browser, 1);
      // Until they have come, the model of before answers.
      const asked = () => site.requests.some((path) => path.endsWith("/models/lenet5.safetensors"));
      for (const deadline = Date.now() + 10_000; !asked(); await wait(50))
        assert.ok(Date.now() < deadline, String(site.requests));
    },
  },
  {
    name: "page: elements of one group share a drawing, and tell of it",
    async run(browser, site) {
      await open(browser, `${site.url}embed.html#view=playground&group=a`);
      await browser.evaluate(() => {
        const maps = document.createElement("conv-scope");
        maps.setAttribute("view", "feature-maps");
        maps.setAttribute("group", "a");
        maps.setAttribute("layer", "max_pooling2d_1");
        maps.setAttribute("hide", "weights,input");
        globalThis.told = [];
        maps.addEventListener("convscope-prediction", ({ detail }) => globalThis.told.push(detail.digit));
        document.querySelector("main").append(maps);
      });
      await browser.draw(digits[7]);
      await says(browser, 7);
      assert.equal(await browser.evaluate(() => globalThis.told.at(-1)), 7);
    },
  },
  {
    name: "page: no answer claims to be certain, it is said why one for a smiley says nothing, and on a phone all is seen",
    async run(browser, site) {
      await browser.setViewport(390, 844);
      const circle = (x, y, radius, from = 0, to = 1) =>
        Array.from({ length: 25 }, (_, step) => {
          const angle = 2 * Math.PI * (from + ((to - from) * step) / 24);
          return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
        });
      const smiley = [
        circle(0.5, 0.5, 0.35),
        circle(0.38, 0.4, 0.03),
        circle(0.62, 0.4, 0.03),
        circle(0.5, 0.5, 0.2, 0.1, 0.4),
      ];
      for (const view of ["playground", "draw"]) {
        await browser.open("about:blank");
        await browser.open(`${site.url}#view=${view}`);
        await browser.draw(smiley);
        await says(browser, 0);
        const { shares, right } = await browser.evaluate(() => {
          const values = finder.all(".value", finder.one("convscope-prediction"));
          return {
            shares: values.map(({ textContent }) => textContent),
            right: Math.max(...values.map((value) => value.getBoundingClientRect().right)),
          };
        });
        for (const share of shares) assert.match(share, /^(> 99\.9|< 0\.1|\d+\.\d) %$/);
        assert.ok(!shares.includes("100.0 %") && !shares.includes("0.0 %"), String(shares));
        assert.ok(right <= 390 - 8, `${right} in ${view}`);
        assert.ok(await browser.evaluate(() => finder.says("p", "Softmax shares 100 % among these 10 answers")));
        const bars = await meters(browser);
        assert.ok(Math.abs(bars.reduce((sum, value) => sum + value) - 1) < 0.01);
      }
    },
  },
  {
    name: "page: the maps alone come with a pad and a sentence; without the pad a sample can be taken",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=feature-maps&layer=conv2d_1`);
      await browser.draw(digits[1]);
      await browser.until(() => finder.one("convscope-feature-maps").session.observation?.digit === 1);
      assert.ok(await browser.evaluate(() => finder.says("p", "output of one filter")));
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=feature-maps&layer=conv2d_1&hide=input,about`);
      const { y } = await browser.find("Sample", "button");
      assert.ok(y < 60);
      assert.deepEqual(await browser.evaluate(locate, "Drawing pad"), []);
    },
  },
  ...[
    "index.html",
    "embed.html#view=draw&digit=3&seed=2",
    "embed.html#view=feature-maps&digit=3&layer=conv2d_1&unit=2",
  ].flatMap((page) =>
    [false, true].map((dark) => ({
      name: `page: axe-core finds nothing in ${page}, ${dark ? "dark" : "light"}`,
      engines: ["chromium"],
      async run(browser, site) {
        await browser.emulateMedia({ dark });
        await browser.open("about:blank");
        await browser.open(site.url + page);
        await browser.until(() => document.querySelector("conv-scope")?.state.model);
        if (page === "index.html") await browser.draw(digits[0]);
        await browser.drawn();
        await browser.evaluate(async () => {
          for (const { finished } of document.getAnimations()) await finished;
        });
        assert.deepEqual(await browser.accessibilityViolations(), []);
        await browser.emulateMedia({});
      },
    })),
  ),
  {
    name: "page: the theme is chosen, kept in the address, and goes along into notes",
    async run(browser, site) {
      await open(browser, site.url);
      const paper = () => browser.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const before = await paper();
      const [dark] = await browser.evaluate(locate, "Dark", "button");
      await browser.click(dark ? "Dark" : "Light", "button");
      await waitFor(async () => (await paper()) !== before, "the other paper");
      const theme = dark ? "dark" : "light";
      await browser.until((key) => location.hash.includes(key), `theme=${theme}`);
      await browser.draw(digits[1]);
      await says(browser, 1);
      await browser.click("Use in your notes", "button");
      const frame = (await browser.find("Snippet for a frame", "textbox")).value;
      const element = (await browser.find("Snippet for a module", "textbox")).value;
      assert.match(frame, new RegExp(`<iframe src="${site.url}embed\\.html#view=playground&amp;.*theme=${theme}`));
      assert.match(element, new RegExp(`src="${site.url}convscope\\.js"`));
      const strokes = element.match(/ strokes="([\w-]+)"/)?.[1];
      assert.ok(strokes && frame.includes(strokes));
      await open(browser, frame.match(/src="([^"]+)"/)[1].replaceAll("&amp;", "&"));
      await says(browser, 1);
      assert.notEqual(await paper(), before);
    },
  },
  {
    name: "page: nothing is fetched from another host",
    async run(browser, site) {
      await open(browser, site.url);
      await browser.click("Sample", "button");
      await waitFor(async () => /^\d$/.test(await prediction(browser)), "an answer");
      const hosts = await browser.evaluate(() =>
        performance
          .getEntriesByType("resource")
          .map(({ name }) => new URL(name))
          .filter(({ protocol }) => protocol.startsWith("http"))
          .map(({ host }) => host),
      );
      assert.deepEqual([...new Set(hosts)], [new URL(site.url).host]);
    },
  },
];

/** How far two pictures are apart on average, of 255. */
function difference(a, b) {
  const [left, right] = [a, b].map((text) => text.split(",").map(Number));
  return left.reduce((sum, value, index) => sum + Math.abs(value - right[index]), 0) / left.length;
}
