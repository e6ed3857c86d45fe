// Convolution from nothing: an image and kernels to edit, and every cell of the maps worked out.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";
import { bring } from "./pictures.mjs";

/** The numbers of the grids, by their labels; runs inside the page. */
function grids() {
  const numbers = (table) => finder.all("td", table).map((cell) => Number(finder.one("data", cell)?.value));
  const found = Object.fromEntries(finder.all("table[aria-label]").map((table) => [table.ariaLabel, numbers(table)]));
  return found["Map 1"] && found;
}

/** Where a cell of a grid is; runs inside the page. */
function cellOf(label, index) {
  const { x, y, width, height } = finder
    .all("td", finder.one(`table[aria-label="${label}"]`))
    [index].getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}

/** The maps that the engine's own model gives for what is on view; runs inside the page. */
async function computed(image, kernels, side = 8) {
  const { loadEngine } = await import("./convscope.js");
  const engine = await loadEngine();
  const channels = image.length;
  const layers = [
    { class_name: "InputLayer", config: { batch_shape: [null, side, side, channels] } },
    { class_name: "Conv2D", config: { name: "c", filters: kernels.length, kernel_size: [3, 3], use_bias: false } },
  ];
  const model = engine.Model.fromConfig({ class_name: "Sequential", config: { layers } });
  const weights = [];
  for (let cell = 0; cell < 9; cell++) {
    for (let channel = 0; channel < channels; channel++)
      for (const filter of kernels) weights.push(filter[channel][cell]);
  }
  model.setWeights("c/kernel", Float32Array.from(weights));
  const pixels = Float32Array.from(
    { length: side * side * channels },
    (_, i) => image[i % channels][Math.floor(i / channels)],
  );
  const { planes } = model.featureMaps(pixels, "c");
  engine.close();
  return kernels.map((_, filter) => Array.from(planes.slice(filter * (side - 2) ** 2, (filter + 1) * (side - 2) ** 2)));
}

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=convolution`);
  return browser.until(grids);
}

/** Waits until the maps on view are what the engine makes of the image and kernels on view. */
async function agree(browser, names) {
  let shown;
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    await browser.drawn();
    shown = await browser.evaluate(grids);
    const image = names.inputs.map((name) => shown[name]);
    const kernels = names.kernels.map((filter) => filter.map((name) => shown[name]));
    const maps = await browser.evaluate(computed, image, kernels);
    if (maps.every((map, index) => map.join() === shown[`Map ${index + 1}`].join())) return shown;
  }
  throw new Error(`the maps are not those of the image and the kernels: ${JSON.stringify(shown)}`);
}

const ONE = { inputs: ["Input"], kernels: [1, 2, 3, 4].map((filter) => [`Kernel of filter ${filter}`]) };

const click = async (browser, label, index) => {
  const { x, y } = await browser.evaluate(cellOf, label, index);
  await browser.pointer([{ type: "move", x, y }, { type: "down" }, { type: "up" }]);
};

export const tests = [
  {
    name: "convolution: edited cells and kernels change the maps as the engine computes them",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const first = await agree(browser, ONE);
      assert.equal(Math.max(...first["Map 3"]), 5);
      await click(browser, "Input", 3);
      await browser.until((was) => {
        const view = finder.one("convscope-convolution");
        return view.answer.maps[0][2] !== was;
      }, first["Map 1"][2]);
      const edited = await agree(browser, ONE);
      assert.equal(edited.Input[3], 1);
      await click(browser, "Kernel of filter 1", 4);
      await click(browser, "Kernel of filter 1", 4);
      await browser.until(() => {
        const view = finder.one("convscope-convolution");
        return view.answer.scene.filters[0].kernels[0][4] === 0;
      });
      await browser.key("2");
      await browser.key("Enter");
      await browser.until(() => {
        const view = finder.one("convscope-convolution");
        return view.answer.scene.filters[0].kernels[0][4] === 2;
      });
      assert.equal((await agree(browser, ONE))["Kernel of filter 1"][4], 2);
    },
  },
  {
    name: "convolution: the window follows pointer, arrow keys and Play, and its products sum to the cell",
    async run(browser, site) {
      await open(browser, site);
      const sums = (shown, cell) => {
        shown["products, image"].forEach((product, i) =>
          assert.ok(product === shown["patch, image"][i] * shown["kernel, image"][i]),
        );
        assert.equal(
          shown["products, image"].reduce((sum, product) => sum + product, 0),
          shown["Map 2"][cell],
        );
      };
      const at = (row, column) =>
        browser.until(
          (row, column) => {
            const view = finder.one("convscope-convolution");
            const { scene, place } = view.answer;
            return scene.chosen === 1 && place.row === row && place.column === column && !view.isUpdatePending;
          },
          row,
          column,
        );
      await click(browser, "Map 2", 6 + 2);
      await at(1, 2);
      sums(await browser.until(grids), 6 + 2);
      await browser.key("ArrowRight");
      await browser.key("ArrowDown");
      await at(2, 3);
      sums(await browser.until(grids), 2 * 6 + 3);
      await browser.click("Play", "button");
      await at(2, 4);
      await browser.click("Pause", "button");
      sums(await browser.until(grids), 2 * 6 + 4);
    },
  },
  {
    name: "convolution: a shift of the image shifts the map",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(choose, "Image", "plus");
      await browser.until(() => {
        const view = finder.one("convscope-convolution");
        return view.answer.scene.pattern === "plus";
      });
      const before = await agree(browser, ONE);
      await browser.click("Shift right", "button");
      await browser.until(() => {
        const view = finder.one("convscope-convolution");
        return view.answer.scene.shift[0] === 1;
      });
      const after = await agree(browser, ONE);
      for (const map of ["Map 1", "Map 2", "Map 3", "Map 4"]) {
        for (let row = 0; row < 6; row++) {
          assert.deepEqual(after[map].slice(row * 6 + 1, row * 6 + 6), before[map].slice(row * 6, row * 6 + 5), map);
        }
      }
    },
  },
  {
    name: "convolution: the maps of three channels add up to one, and each filter makes one",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("3 channels", "checkbox");
      await browser.until(() => {
        const view = finder.one("convscope-convolution");
        return view.answer.scene.planes.length === 3;
      });
      await browser.click("Add a filter", "button");
      await browser.find("Kernel of filter 3", "combobox");
      const colours = ["red", "green", "blue"];
      const names = {
        inputs: colours.map((colour) => `Input, ${colour}`),
        kernels: [1, 2, 3].map((filter) => colours.map((colour) => `Kernel of filter ${filter}, ${colour}`)),
      };
      await browser.until(() => {
        const view = finder.one("convscope-convolution");
        return view.answer.maps.length === 3 && view.answer.shape.join() === "6,6,3";
      });
      const shown = await agree(browser, names);
      assert.ok(shown["map of red alone"].some((value) => value !== 0));
      shown["Map 3"].forEach((value, cell) => {
        assert.equal(
          colours.reduce((sum, colour) => sum + shown[`map of ${colour} alone`][cell], 0),
          value,
        );
      });
    },
  },
  {
    name: "convolution: the channels of a colour picture stand in their colours, with the picture that they make",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("3 channels", "checkbox");
      await browser.evaluate(choose, "Image", "drawn");
      const shown = await browser.until(() => {
        const view = finder.one("convscope-convolution");
        const { scene, maps, shape } = view.answer;
        if (scene.pattern !== "drawn" || scene !== view.scenes[3] || view.isUpdatePending) return undefined;
        const colour = (picture) => {
          const { data } = finder.one("canvas", picture).getContext("2d").getImageData(0, 0, 32, 32);
          // In the red balloon, and in the sky.
          return [
            [10, 19],
            [2, 12],
          ].map(([row, column]) => Array.from(data.slice(4 * (row * 32 + column), 4 * (row * 32 + column) + 3)));
        };
        const pictures = finder.all("convscope-colour-picture", view);
        if (pictures.length < 4 || pictures.some(({ isUpdatePending }) => isUpdatePending)) return undefined;
        return {
          colours: Object.fromEntries(pictures.map((picture) => [picture.label, colour(picture)])),
          shape,
          planes: scene.planes.map((plane) => Array.from(plane)),
          kernels: scene.filters.map(({ kernels }) => kernels.map((kernel) => Array.from(kernel))),
          maps: maps.map((map) => Array.from(map)),
        };
      });
      assert.deepEqual(shown.shape, [30, 30, 3]);
      assert.deepEqual(shown.colours, {
        "Input, all channels together": [
          [229, 26, 26],
          [128, 204, 255],
        ],
        "Input, red": [
          [229, 0, 0],
          [128, 0, 0],
        ],
        "Input, green": [
          [0, 26, 0],
          [0, 204, 0],
        ],
        "Input, blue": [
          [0, 0, 26],
          [0, 0, 255],
        ],
      });
      assert.deepEqual(shown.maps, await browser.evaluate(computed, shown.planes, shown.kernels, 32));
    },
  },
  {
    name: "convolution: a picture is taken when it is dropped, pasted or chosen; what is none is refused in words",
    async run(browser, site) {
      await open(browser, site);
      const taken = (channels, expected) =>
        browser.until(
          (channels, expected) => {
            const view = finder.one("convscope-convolution");
            const { scene } = view.answer;
            if (scene.pattern !== "brought" || scene !== view.scenes[channels]) return undefined;
            const corners = [0, 31].map((column) =>
              scene.planes.map((plane) => Math.round(100 * plane[5 * 32 + column])),
            );
            return JSON.stringify(corners) === JSON.stringify(expected) && scene.side;
          },
          channels,
          expected,
        );
      await bring(browser, "convscope-convolution", "drop", { colours: ["#f00", "#f00", "#00f", "#00f"] });
      await taken(1, [[30], [11]]);
      await browser.click("3 channels", "checkbox");
      await taken(3, [
        [100, 0, 0],
        [0, 0, 100],
      ]);
      await bring(browser, "convscope-convolution", "paste", { colours: ["#fff", "#fff", "#0f0", "#0f0"] });
      await taken(3, [
        [100, 100, 100],
        [0, 100, 0],
      ]);
      const alert = (words) =>
        browser.until((words) => finder.says('p[role="alert"]', words, finder.one("convscope-convolution")), words);
      await bring(browser, "convscope-convolution", "drop", { bytes: 10, name: "table.csv", type: "text/csv" });
      await alert("“table.csv” is not a picture but text/csv. Choose a PNG, JPEG, WebP or GIF file.");
      await bring(browser, "convscope-convolution", "choose", { bytes: 21e6, name: "scan.png" });
      await alert("“scan.png” has 21 MB; at most 20 MB are read.");
      await bring(browser, "convscope-convolution", "choose", { bytes: 100, name: "broken.png" });
      await alert("This browser cannot read “broken.png” as a picture.");
      await taken(3, [
        [100, 100, 100],
        [0, 100, 0],
      ]);
      await bring(browser, "convscope-convolution", "choose", { colours: ["#000", "#000", "#f00", "#f00"] });
      await taken(3, [
        [0, 0, 0],
        [100, 0, 0],
      ]);
      await browser.until(() => !finder.says('p[role="alert"]', "picture", finder.one("convscope-convolution")));
    },
  },
  {
    name: "convolution: each filter that is added is another one, and a bias is added to every response",
    async run(browser, site) {
      await open(browser, site);
      for (const filter of [5, 6]) {
        await browser.click("Add a filter", "button");
        await browser.find(`Kernel of filter ${filter}`, "combobox");
      }
      const titles = await browser.evaluate(() =>
        finder.one("convscope-convolution").scenes[1].filters.map(({ title }) => title),
      );
      assert.equal(new Set(titles).size, 6, titles.join());
      const before = await agree(browser, ONE);
      await browser.evaluate(() => {
        const field = finder.one("convscope-number-field", finder.one("convscope-filter-card"));
        const input = finder.one("input", field);
        input.value = "−1,5";
        input.dispatchEvent(new Event("change"));
      });
      await browser.until(() => finder.one("convscope-convolution").answer.scene.filters[0].bias === -1.5);
      await browser.drawn();
      const after = await browser.until(grids);
      assert.deepEqual(
        after["Map 1"],
        before["Map 1"].map((value) => value - 1.5),
      );
      assert.deepEqual(after["Map 2"], before["Map 2"]);
    },
  },
  accessibility("convolution", async (browser, site) => {
    await open(browser, site);
    await browser.click("3 channels", "checkbox");
    await browser.find("their sum: map 2", "table");
  }),
];
