// A network that somebody builds: by cards and by code, repaired, trained, looked into, taken out, and there again after a
// reload.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";
import { damage, forget } from "./kept.mjs";

const address = (site, rest = "&model=lenet5&digit=3") => `${site.url}embed.html#view=architecture${rest}`;

/** The network under construction, and the one on view; runs inside the page. */
export function built() {
  const view = finder.one("convscope-architecture");
  const { editor, session } = view ?? {};
  const { design, judgement, building } = editor ?? {};
  if (!judgement || judgement.design !== design || building) return undefined;
  const pane = finder.one("convscope-code-pane", view);
  return {
    layers: design.layers.map(({ className }) => className),
    names: design.layers.map(({ name }) => name),
    fault: judgement.fault?.sentence,
    layer: judgement.fault?.layer,
    repairs: judgement.fault?.repairs.map(({ title }) => title),
    params: judgement.summary?.params,
    code: pane?.code,
    problem: pane?.problem,
    shown: session.shown?.name,
    title: session.shown?.title,
    isShown: editor.built === design,
    shownParams: session.shown?.params,
    told: finder.one("convscope-model-files", view)?.told,
    refused: finder.one("convscope-model-files", view)?.problem,
  };
}

async function until(browser, holds) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const now = await browser.evaluate(built);
    if (now && holds(now)) {
      await browser.drawn();
      return now;
    }
    if (Date.now() > deadline) throw new Error(`waited for ${holds}: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function open(browser, site, rest) {
  await browser.open("about:blank");
  await browser.open(address(site, rest));
  return until(browser, ({ code }) => code?.includes("Sequential"));
}

/** Leaves nothing for the tests that come after. */
async function forgetAll(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}models/catalogue.json`);
  await browser.evaluate(forget, "convscope-networks");
  await browser.evaluate(forget, "convscope-runs");
  await browser.evaluate(() => localStorage.clear());
}

/** Writes other code, as a person who types; runs inside the page. */
function typeCode(from, to) {
  const field = finder.one("textarea", finder.one("convscope-code-pane"));
  field.value = field.value.replace(from, to);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Pastes a text beside all fields: not every engine lets a script make the event with its data. Runs inside the page. */
function paste(text) {
  const event = new Event("paste", { bubbles: true, composed: true, cancelable: true });
  Object.defineProperty(event, "clipboardData", { value: { files: [], getData: () => text } });
  document.body.dispatchEvent(event);
}

/** What the page hands to the browser to be saved; runs inside the page, before it does. */
function catchFiles() {
  globalThis.saved = [];
  const texts = new Map();
  const create = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    const address = create(blob);
    texts.set(address, blob.text());
    return address;
  };
  HTMLAnchorElement.prototype.click = function () {
    globalThis.saved.push({ name: this.download, text: texts.get(this.href) });
  };
}

const kept = (browser) =>
  browser.evaluate(() => finder.one("convscope-architecture").editor.kept.written.then(() => true));

/** The address of a network of one's own, once it is written. */
const ownLink = (browser) => browser.until(() => /model=own-/.test(location.href) && location.href);

/** The weights of the network on view, added up with their places; runs inside the page. */
function fingerprint() {
  const { session } = finder.one("convscope-problem");
  const { weights, name, learning } = session.shown;
  return {
    name,
    learning,
    sum: weights.reduce((sum, value, at) => sum + value * ((at % 97) + 1), 0),
    count: weights.length,
  };
}

export const tests = [
  {
    name: "architecture: add a layer, change the code, repair a shape, train, look into a unit, export, reload: nothing is lost",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("Add a layer below max_pooling2d", "button");
      await browser.find("Search a layer to add", "textbox");
      for (const key of "dropout") await browser.key(key);
      await browser.key("Enter");
      const added = await until(
        browser,
        ({ layers, isShown, code }) => layers[2] === "Dropout" && isShown && code.includes("Dropout"),
      );
      assert.match(added.code, /layers\.MaxPooling2D\(.*\),\n\s*layers\.Dropout\(0\.25\),/);
      assert.match(added.shown, /^own-/);
      assert.equal(added.title, "LeNet-5, modern, changed");
      // What still fits keeps its weights.
      assert.ok(
        await browser.evaluate(
          () => finder.one("convscope-architecture").session.shown.description === "Your own network.",
        ),
      );

      await browser.evaluate(typeCode, "Conv2D(16, (5, 5)", "Conv2D(16, (31, 31)");
      const broken = await until(browser, ({ fault }) => fault);
      assert.equal(broken.layer, "conv2d_1");
      assert.equal(broken.shownParams, added.shownParams, "the last network that fits stays on view");
      await browser.click('padding "same"', "button");
      const mended = await until(
        browser,
        ({ fault, isShown, code }) => !fault && isShown && /Conv2D\(16.*same/.test(code),
      );
      assert.notEqual(mended.shownParams, added.shownParams);

      await browser.click("Undo", "button");
      await until(browser, ({ fault }) => fault);
      await browser.click("Redo", "button");
      await until(browser, ({ fault, isShown }) => !fault && isShown);

      await browser.click("Train it", "button");
      await browser.until(() => finder.one("convscope-train")?.run && !finder.one("convscope-train").building);
      await browser.click("Step", "button");
      await browser.until(
        () => finder.one("convscope-train").run.step === 1 && finder.one("convscope-train").run.rests,
      );
      await browser.until(() => !finder.one("convscope-train").session.observation || true);
      await browser.evaluate(() => (document.querySelector("conv-scope").view = "unit"));
      await browser.until(() => finder.one("convscope-unit")?.answer);
      const learnt = await browser.evaluate(fingerprint);
      assert.equal(learnt.count, mended.shownParams);

      await browser.evaluate(() => (document.querySelector("conv-scope").view = "architecture"));
      const back = await until(browser, ({ code }) => code?.includes("Dropout"));
      assert.deepEqual(back.names, mended.names);
      assert.equal((await browser.evaluate(fingerprint)).sum, learnt.sum);
      await browser.evaluate(catchFiles);
      await browser.evaluate(choose, "Export", "keras-code");
      const [{ name, text }] = await browser.until(async () =>
        globalThis.saved.length
          ? Promise.all(globalThis.saved.map(async (one) => ({ name: one.name, text: await one.text })))
          : undefined,
      );
      assert.equal(name, "lenet-5-modern-changed.py");
      assert.match(text, /layers\.Dropout\(0\.25\)/);

      await new Promise((resolve) => setTimeout(resolve, 1200));
      await kept(browser);
      const link = await ownLink(browser);
      await browser.open("about:blank");
      await browser.open(link);
      const again = await until(browser, ({ code }) => code?.includes("Dropout"));
      assert.deepEqual(again.names, mended.names);
      const reloaded = await browser.evaluate(fingerprint);
      assert.equal(reloaded.sum, learnt.sum);
      assert.equal(reloaded.name, learnt.name);
      await forgetAll(browser, site);
    },
  },
  {
    name: "architecture: keys alone move, remove, undo and redo, and the layer keeps the focus",
    async run(browser, site) {
      const { names } = await open(browser, site);
      await browser.evaluate(() => finder.one("convscope-layer-list").focusLayer("max_pooling2d"));
      const focused = () => {
        const card = finder
          .all("convscope-layer-card", finder.one("convscope-layer-list"))
          .find((one) => one.matches(":focus-within"));
        return card?.layer.name;
      };
      assert.equal(await browser.evaluate(focused), "max_pooling2d");
      const pressed = (key, modifiers) =>
        browser.evaluate(
          ([wanted, how]) => {
            const card = finder
              .all("convscope-layer-card", finder.one("convscope-layer-list"))
              .find((one) => one.matches(":focus-within"));
            const focused = finder.all(":focus", card).at(-1);
            focused.dispatchEvent(
              new KeyboardEvent("keydown", { key: wanted, bubbles: true, composed: true, cancelable: true, ...how }),
            );
          },
          [key, modifiers],
        );
      await pressed("ArrowDown", { altKey: true });
      const moved = await until(browser, ({ names: now }) => now[2] === "max_pooling2d");
      assert.deepEqual(moved.names.slice(0, 3), ["conv2d", "conv2d_1", "max_pooling2d"]);
      await browser.until(
        (name) =>
          finder
            .all("convscope-layer-card", finder.one("convscope-layer-list"))
            .find((one) => one.matches(":focus-within"))?.layer.name === name,
        "max_pooling2d",
      );
      await pressed("Delete", {});
      await until(browser, ({ names: now }) => !now.includes("max_pooling2d"));
      await browser.until(() =>
        finder
          .all("convscope-layer-card", finder.one("convscope-layer-list"))
          .some((one) => one.matches(":focus-within")),
      );
      await pressed("z", { ctrlKey: true });
      await pressed("z", { ctrlKey: true });
      await until(browser, ({ names: now }) => String(now) === String(names));
      await pressed("y", { ctrlKey: true });
      await until(browser, ({ names: now }) => now[2] === "max_pooling2d");
      await forgetAll(browser, site);
    },
  },
  {
    name: "architecture: on a phone nothing is wider than the screen, and a layer is dragged by its grip",
    engines: ["chromium"],
    async run(browser, site) {
      await browser.setViewport(390, 844);
      await open(browser, site);
      await browser.evaluate(() => (finder.one("convscope-layer-list").opened = "conv2d"));
      await browser.drawn();
      const { wide, width } = await browser.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        width: innerWidth,
      }));
      assert.ok(wide <= width, `${wide} px`);
      const places = await browser.evaluate(() =>
        finder.all(".grip", finder.one("convscope-layer-list")).map((grip) => {
          grip.scrollIntoView({ block: "center" });
          const { x, y, width, height } = grip.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 + scrollY };
        }),
      );
      await browser.evaluate(([y]) => scrollTo(0, y - 300), [places[1].y]);
      const offset = await browser.evaluate(() => scrollY);
      const at = ({ x, y }) => ({ type: "move", x, y: y - offset });
      await browser.pointer(
        [at(places[1]), { type: "down" }, at({ ...places[2], y: places[2].y + 20 }), { type: "up" }],
        "touch",
      );
      await until(browser, ({ names }) => names[2] === "max_pooling2d");
      await browser.setViewport(1280, 800);
      await forgetAll(browser, site);
    },
  },
  {
    name: "architecture: what cannot be read is told with its line or layer, and the network stays",
    async run(browser, site) {
      const before = await open(browser, site);
      await browser.evaluate(typeCode, "layers.Flatten()", "layers.Flaten()");
      const misspelt = await until(browser, ({ problem, shown }) => problem && shown.startsWith("own-"));
      assert.match(misspelt.problem, /line \d+/);
      assert.match(misspelt.problem, /Flaten/);
      assert.deepEqual(misspelt.names, before.names);
      await browser.evaluate(typeCode, "layers.Flaten()", "layers.Flatten()");
      await until(browser, ({ problem }) => !problem);

      const input = { class_name: "InputLayer", config: { batch_shape: [null, 28, 28, 1] } };
      const sequential = (layers) => JSON.stringify({ class_name: "Sequential", config: { name: "m", layers } });
      const nested = `${'{"class_name":"Sequential","config":{"layers":['.repeat(400)}${"]}}".repeat(400)}`;
      for (const [text, told] of [
        ['{"class_name":', /JSON/],
        ['{"a": 1}', /class_name/],
        [sequential("<img src=x onerror=alert(1)>"), /list/],
        [nested, /deep|layers/],
        [sequential(Array(400).fill(input)), /at most 256/],
      ]) {
        await browser.evaluate(paste, text);
        const { refused, names } = await until(browser, (now) => now.refused);
        assert.match(refused, told);
        assert.deepEqual(names, before.names);
        assert.equal(await browser.evaluate(() => finder.all("img", document.querySelector("conv-scope")).length), 0);
        await browser.evaluate(() => (finder.one("convscope-model-files").problem = ""));
      }
      // One that asks for terabytes is a network, but none that is made.
      const huge = { class_name: "Dense", config: { name: "<b>huge</b>", units: 2_000_000_000 } };
      await browser.evaluate(paste, sequential([input, { class_name: "Flatten", config: { name: "f" } }, huge]));
      const { fault, shown } = await until(browser, ({ layers, fault: told }) => layers.length === 2 && told);
      assert.ok(fault);
      assert.equal(shown, misspelt.shown);
      assert.equal(await browser.evaluate(() => finder.all("b", finder.one("convscope-architecture")).length), 0);
      await forgetAll(browser, site);
    },
  },
  {
    name: "architecture: a network that is not here, or was damaged, is told, and what was written and does not fit is there again",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(address(site, "&model=own-elsewhere"));
      await browser.until(() => finder.says("[role=alert]", "kept only where it was made"));
      await open(browser, site);
      await browser.evaluate(typeCode, "layers.Flatten(),", "");
      const { names } = await until(browser, ({ fault, shown }) => fault && shown.startsWith("own-"));
      await kept(browser);
      const link = await ownLink(browser);
      await browser.open("about:blank");
      await browser.open(link);
      const again = await until(browser, ({ fault }) => fault);
      assert.deepEqual(again.names, names);
      await browser.open("about:blank");
      await browser.open(`${site.url}models/catalogue.json`);
      await browser.evaluate(damage, "convscope-networks", "networks", ["config"], "nothing");
      await browser.open("about:blank");
      await browser.open(address(site));
      await until(browser, ({ code }) => code?.includes("Sequential"));
      await browser.until(() => finder.says("[role=alert]", "cannot be read: damaged"));
      await browser.click("Discard", "button");
      await browser.until(() => !finder.says("[role=alert]", "cannot be read: damaged"));
      await forgetAll(browser, site);
    },
  },
  {
    name: "architecture: a network of 784 numbers is drawn for, one of other pictures is told, and scores are no probabilities",
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(paste, "model = keras.Sequential([keras.Input((784,)), layers.Dense(10)])");
      const { told } = await until(browser, ({ isShown, params }) => isShown && params === 7850);
      assert.match(told, /untrained/);
      await browser.evaluate(() => (document.querySelector("conv-scope").view = "playground"));
      await browser.until(() => finder.one("convscope-playground")?.session.observation);
      const [{ role }] = [await browser.find("Softmax of the score of 3", "meter")];
      assert.equal(role, "meter");
      assert.equal(
        await browser.evaluate(
          () => finder.all("[aria-label^=Probability]", document.querySelector("conv-scope")).length,
        ),
        0,
      );
      await browser.evaluate(() => (document.querySelector("conv-scope").view = "architecture"));
      await until(browser, ({ code }) => code?.includes("784"));
      await browser.evaluate(
        paste,
        "model = keras.Sequential([keras.Input((32, 32, 3)), layers.Flatten(), layers.Dense(10, activation='softmax')])",
      );
      await until(browser, ({ isShown, params }) => isShown && params === 30_730);
      for (const view of ["playground", "draw", "feature-maps", "receptive-field"]) {
        await browser.evaluate((name) => (document.querySelector("conv-scope").view = name), view);
        await browser.until((name) => finder.one(`convscope-${name}`) !== undefined, view);
        await browser.drawn();
        assert.equal(
          await browser.evaluate(() => document.querySelector("conv-scope").state.model.slice(0, 4)),
          "own-",
        );
      }
      await browser.evaluate(() => (document.querySelector("conv-scope").view = "architecture"));
      await until(browser, ({ code }) => code?.includes("32, 32, 3"));
      await browser.evaluate(paste, "model = keras.Sequential([keras.Input((20,)), layers.Dense(10)])");
      const { fault, shownParams } = await until(browser, (now) => now.fault);
      assert.match(fault, /784 pixels; this one reads 20/);
      assert.equal(shownParams, 30_730);
      await forgetAll(browser, site);
    },
  },
  accessibility("architecture", async (browser, site) => {
    await open(browser, site);
    await browser.evaluate(() => (finder.one("convscope-layer-list").opened = "conv2d"));
    await browser.click("Add a layer", "button");
    await browser.drawn();
  }),
];
