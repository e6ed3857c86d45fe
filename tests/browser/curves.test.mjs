// The charts of what learns: what stands at their axes, and what they say of their lines.
import assert from "node:assert/strict";

/** Notes all words that canvases draw from now on, and where; runs inside the page. */
function watchWords() {
  globalThis.words = [];
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x) {
    const { e } = this.getTransform();
    const width = this.measureText(text).width;
    const from =
      e + x - { left: 0, center: width / 2, right: width }[this.textAlign === "start" ? "left" : this.textAlign];
    globalThis.words.push({ text, from, to: from + width, room: this.canvas.width, canvas: this.canvas });
    return draw.apply(this, arguments);
  };
}

/** Puts a chart on the page, or gives the one that is there something else; runs inside the page. */
async function chart(given) {
  let chart = document.querySelector("convscope-curves");
  if (!chart) {
    chart = document.createElement("convscope-curves");
    document.body.prepend(chart);
  }
  globalThis.words.length = 0;
  const lines = (given.lines ?? []).map((line) => ({ ...line, y: line.y.map((one) => one ?? NaN) }));
  Object.assign(chart, given, { lines });
  await chart.updateComplete;
  for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  const words = globalThis.words.filter(({ canvas }) => canvas.getRootNode().host === chart);
  const text = finder.one("figcaption", chart).textContent.trim().replace(/\s+/g, " ");
  return {
    text,
    words: Array.from(new Set(words.map(({ text }) => text))),
    cut: words.filter(({ from, to, room }) => from < 0 || to > room + 1).map(({ text }) => text),
  };
}

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=activations`);
  await browser.until(() => customElements.get("convscope-curves") !== undefined);
  await browser.evaluate(watchWords);
}

const line = (x, y, more) => ({ label: "training", line: "training", x, y, ...more });

export const tests = [
  {
    name: "curves: a chart without points has its axes, ticks and titles; and again when its points are gone",
    async run(browser, site) {
      await open(browser, site);
      const empty = { caption: "Loss", unit: "step", reach: 60, blank: [0, 2.5], lines: [line([], [])] };
      const blank = await browser.evaluate(chart, empty);
      for (const expected of ["step", "0", "20", "60", "1", "2"])
        assert.ok(blank.words.includes(expected), `${expected} is not among ${blank.words}`);
      const long = await browser.evaluate(chart, { ...empty, lines: [line([1, 5000], [2, 1])] });
      assert.ok(long.words.includes("5,000"), long.words.join());
      const again = await browser.evaluate(chart, empty);
      assert.deepEqual(again.words, blank.words);
    },
  },
  {
    name: "curves: no number at an axis is cut, however large the loss",
    async run(browser, site) {
      await open(browser, site);
      for (const most of [2.3, 250, 12_345_678, 3.1e33, 4e-9]) {
        for (const logarithmic of [false, true]) {
          const drawn = await browser.evaluate(chart, {
            caption: "Loss",
            unit: "step",
            logarithmic,
            lines: [line([1, 2, 3], [most / 50, most, most / 3])],
          });
          assert.deepEqual(drawn.cut, [], `${most}`);
          assert.ok(drawn.words.length > 4, drawn.words.join());
          assert.ok(
            drawn.words.every((text) => text.length < 9),
            drawn.words.join(),
          );
        }
      }
    },
  },
  {
    name: "curves: the legend tells each value and where it was read, and what leaves the chart",
    async run(browser, site) {
      await open(browser, site);
      const lines = [
        line([10, 20, 30], [2, 1, 0.5]),
        { label: "validation", line: "validation", sparse: true, x: [20], y: [0.75] },
      ];
      const { text } = await browser.evaluate(chart, { caption: "Loss", unit: "step", lines });
      assert.match(text, /training 0\.500 validation 0\.750 at 20 step 30/);
      const { text: above } = await browser.evaluate(chart, {
        caption: "Loss",
        unit: "step",
        ceiling: 6,
        lines: [line([10, 20, 30], [2, 4e7, 3])],
      });
      assert.match(above, /▲ above the chart, up to 4·10⁷/);
      const { text: below } = await browser.evaluate(chart, {
        caption: "Loss",
        unit: "step",
        logarithmic: true,
        lines: [line([10, 20, 30], [2, 0, 3])],
      });
      assert.match(below, /▼ 0 or less/);
    },
  },
  {
    name: "curves: a chart that is moved is there again, and one that has left the page is drawn no more",
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(chart, { caption: "Loss", unit: "step", lines: [line([1, 2, 3], [2, 1, 0.5])] });
      const plots = await browser.evaluate(async () => {
        const chart = document.querySelector("convscope-curves");
        const settled = async () => {
          for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
          await chart.updateComplete;
          return finder.all(".uplot", chart).length;
        };
        document.body.append(chart);
        const moved = await settled();
        chart.remove();
        // It would have to be made anew.
        chart.unit = "epoch";
        return { moved, left: await settled() };
      });
      assert.deepEqual(plots, { moved: 1, left: 0 });
    },
  },
];
