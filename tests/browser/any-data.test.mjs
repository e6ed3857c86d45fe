// Data of other formats, sizes and classes than MNIST's, from the file to the trained network, and pictures in place of a
// drawing.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { OWN_CODE } from "./engines.mjs";
import { dropAll } from "./idx-files.mjs";
import { bring } from "./pictures.mjs";
import { run, until } from "./train-view.mjs";
import { cifar, csv, npy, png, ramp, zip } from "../data-files.mjs";

const COUNT = 60;
const says = (browser, words, role, name) =>
  browser.until(
    (selector, words) => finder.says(selector, words),
    name ? `[role=${role}][aria-label=${name}]` : `[role=${role}]`,
    words.source,
  );
const openData = async (browser, site, page = "index.html") => {
  await browser.open("about:blank");
  await browser.open(`${site.url}${page}#view=data`);
  await browser.find("Next", "button");
};
const drop = (browser, files) =>
  dropAll(browser, Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes)])));

/** Goes to the view that trains, keeping the data, and trains an epoch or so. */
const train = async (browser, model) => {
  await browser.evaluate((model) => void (location.hash = `#view=train&model=${model}`), model);
  await browser.until(() => {
    const button = finder.all("button").find((one) => one.textContent.trim() === "Train");
    return Boolean(button && !button.disabled && finder.one("convscope-train")?.run);
  });
  await browser.click("Train", "button");
  await until(browser, ({ step }) => step > 4);
  await browser.click("Pause", "button");
  await browser.evaluate(() => finder.one("convscope-train").run.pause());
  const { problem, loss } = await browser.evaluate(run);
  assert.equal(problem ?? "", "");
  assert.ok(Number.isFinite(loss), `${loss}`);
  // Nothing is left for the tests that come after.
  await browser.evaluate(() => finder.one("convscope-train").run.reset());
};

/** Solid squares of 16×16 in a folder for each class. */
const folders = () => {
  const colours = { red: [200, 30, 30], green: [30, 200, 30], blue: [30, 30, 200] };
  const files = Object.entries(colours).flatMap(([name, colour]) =>
    Array.from({ length: 20 }, (_, index) => [
      `shapes/${name}/${index}.png`,
      png(
        16,
        16,
        colour.map((part) => part + index),
      ),
    ]),
  );
  return Object.fromEntries(files);
};
const batch = (count) => cifar(Array.from({ length: count }, (_, index) => [index % 10]));

const openColour = async (browser, site, page) => {
  await openData(browser, site, page);
  await drop(browser, { "data_batch_1.bin": batch(COUNT), "test_batch.bin": batch(20) });
  await says(
    browser,
    /CIFAR-10: 50 images to learn, 10 for validation, 20 to test; each 32×32×3, of 10 classes/,
    "status",
    "Data",
  );
};

export const tests = [
  {
    name: "any data: Kaggle's CSV is read, shown and learnt",
    engines: OWN_CODE,
    async run(browser, site) {
      await openData(browser, site);
      await drop(browser, { "train.csv": csv(COUNT, 28, { label: (index) => ["cat", "dog", "owl"][index % 3] }) });
      await says(
        browser,
        /train: 48 images to learn, 6 for validation, 6 to test; each 28×28×1, of 3 classes/,
        "status",
        "Data",
      );
      await browser.find("Examples of owl", "img");
      await train(browser, "lenet5");
      await says(browser, /^To fit this data, its last layer has 3 outputs instead of 10\.$/, "status", "Fit");
      await browser.until(() => finder.says("th", "^owl$", finder.one("convscope-confusion-matrix")));
      await browser.find("Probability of owl", "meter");
    },
  },
  {
    name: "any data: an npz of decimal numbers is read and learnt",
    async run(browser, site) {
      await openData(browser, site);
      const pixels = Float32Array.from(ramp(COUNT, 784), (value) => value / 255);
      const labels = BigInt64Array.from({ length: COUNT }, (_, index) => BigInt(index % 10));
      await drop(browser, {
        "mnist.npz": zip({
          "x_train.npy": npy("<f4", [COUNT, 28, 28], pixels),
          "y_train.npy": npy("<i8", [COUNT], labels),
        }),
      });
      await says(browser, /mnist: 40 images to learn, 10 for validation, 10 to test/, "status", "Data");
      await train(browser, "mlp");
    },
  },
  {
    name: "any data: a zip of pictures is decoded, its folders name the classes, and a network of colours learns it",
    async run(browser, site) {
      await openData(browser, site);
      await drop(browser, { "shapes.zip": zip(folders()) });
      await says(
        browser,
        /shapes: 48 images to learn, .* each 16×16×3, of 3 classes\. .*60 pictures, in colour, of 16×16 pixels as they are/,
        "status",
        "Data",
      );
      const image = await browser.evaluate(() => {
        const { images } = finder.one("convscope-example-strip", finder.one("convscope-data"));
        return Array.from(images[0].subarray(0, 3));
      });
      assert.ok(image[2] > 190 && image[0] < 60, `blue: ${image}`);
      await train(browser, "lenet5");
      await says(browser, /its input is 16×16×3 instead of 28×28×1, and its last layer has 3 outputs/, "status", "Fit");
    },
  },
  {
    name: "any data: a colour data set goes through the views with the names of its classes; what does not fit says so",
    seconds: 150,
    async run(browser, site) {
      await openColour(browser, site);
      await browser.evaluate(() => void (location.hash = "#view=embedding&model=convnet"));
      await browser.until(() =>
        finder.says("p", "The images of CIFAR-10 are 32×32×3, the network on view reads 28×28×1"),
      );
      await train(browser, "lenet5");
      await browser.find("Probability of airplane", "meter");
      // A sample of the data stands where a drawing would be.
      await browser.until(() => Boolean(finder.one("canvas[aria-label^='Sample of the data']")));
      for (const [view, selector, words] of [
        ["playground", "figcaption", "as the network sees it: 32×32×3"],
        ["filters", "span", "Strongest among 50 training images \\(CIFAR-10\\)"],
        ["embedding", "li", "0 airplane"],
        ["why", "p", "training images \\(CIFAR-10"],
      ]) {
        await browser.evaluate((view) => void (location.hash = `#view=${view}`), view);
        await browser.until((selector, words) => finder.says(selector, words), selector, words);
      }
      assert.equal(
        await browser.evaluate(() => finder.one("convscope-problem [role=alert]")?.textContent.trim() ?? ""),
        "",
      );
    },
  },
  {
    name: "any data: images that are too small for a network are told, with the next step",
    async run(browser, site) {
      await openData(browser, site);
      await drop(browser, { "tiny.csv": csv(COUNT, 4) });
      await says(browser, /tiny: 48 images/, "status", "Data");
      await browser.evaluate(() => void (location.hash = "#view=train&model=lenet5"));
      await says(
        browser,
        /The images of tiny are 4×4×1; this network is made for others\. Choose another network or other data/,
        "alert",
      );
      await browser.problems();
    },
  },
  {
    name: "any picture: one that is pasted on the pad is read like a drawing, can be inverted, and gives way to the pen",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=playground`);
      await browser.until(() => finder.one("convscope-playground")?.session?.settled);
      await browser.evaluate(() => finder.one("convscope-pad").matches(":hover") || finder.one(".pad canvas").focus());
      await browser.evaluate(() => (finder.one("convscope-pad").matches = () => true));
      const colours = ["#eee", "#eee", "#eee", "#111", "#eee", "#eee", "#eee"];
      await bring(browser, "convscope-pad", "paste", { colours, name: "one.png" });
      await says(browser, /^1$/, "status", "Prediction");
      await browser.find("Picture: one.png", "img");
      await browser.find("dark on light: invert", "checkbox");
      const inverts = () => finder.one("input[type=checkbox]", finder.one("convscope-picture-panel")).checked;
      assert.equal(await browser.evaluate(inverts), true);
      const ink = () =>
        browser.evaluate(() =>
          finder.one("convscope-playground").session.observation.image.reduce((sum, value) => sum + value, 0),
        );
      const before = await ink();
      await browser.click("size and centre as in MNIST", "checkbox");
      await browser.until((before) => {
        const { image } = finder.one("convscope-playground").session.observation;
        return Math.abs(image.reduce((sum, value) => sum + value, 0) - before) > 1;
      }, before);
      await browser.click("Undo", "button");
      await browser.click("Undo", "button");
      await says(browser, /^3$/, "status", "Prediction");
      await bring(browser, "convscope-pad", "drop", { bytes: 40, name: "notes.txt", type: "text/plain" });
      await says(browser, /notes\.txt” is not a picture/, "alert");
    },
  },
  {
    name: "any picture: a camera that is refused is told, with what to do instead",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=draw`);
      await browser.click("Picture", "button");
      await browser.evaluate(() => {
        const refuse = async () => {
          throw new DOMException("", "NotAllowedError");
        };
        Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: refuse }, configurable: true });
      });
      await browser.click("Camera", "button");
      await says(browser, /The camera is not allowed here: .*open a picture instead/, "alert");
    },
  },
  {
    name: "any picture: the camera is on from a press until its view is left, and its picture is read",
    engines: ["chromium"],
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}index.html#view=draw`);
      await browser.click("Picture", "button");
      await browser.evaluate(() => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
        const context = canvas.getContext("2d");
        const paint = () => {
          context.fillStyle = "#eee";
          context.fillRect(0, 0, 64, 64);
          context.fillStyle = "#111";
          context.fillRect(29, 10, 6, 44);
          requestAnimationFrame(paint);
        };
        paint();
        globalThis.stream = canvas.captureStream();
        const getUserMedia = async () => globalThis.stream;
        Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia }, configurable: true });
      });
      const state = () => stream.getTracks()[0].readyState;
      await browser.click("Camera", "button");
      await browser.until(() => finder.one("video")?.videoWidth > 0);
      await browser.click("Take the picture", "button");
      await says(browser, /^1$/, "status", "Prediction");
      assert.equal(await browser.evaluate(state), "ended");
    },
  },
  accessibility("any data", (browser, site) => openColour(browser, site, "embed.html")),
];
