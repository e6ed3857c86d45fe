// The pad under pens, fingers and palms: ink is neither lost nor invented.
import assert from "node:assert/strict";

/** The events of several pointers on the pad: [type, x, y, pointer], 0 to 1 from its left and top edge. */
async function touches(browser, events) {
  await browser.evaluate((events) => {
    const canvas = finder.one("canvas", finder.one("convscope-pad"));
    // No browser captures a pointer that no device has.
    canvas.setPointerCapture = () => {};
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const ids = { mouse: 1, touch: 2, pen: 3 };
    for (const [type, x = 0, y = 0, pointerType = "mouse"] of events) {
      const place = { clientX: left + x * width, clientY: top + y * height };
      const pointer = { pointerId: ids[pointerType], pointerType, buttons: 1 };
      canvas.dispatchEvent(new PointerEvent(type, { ...place, ...pointer, bubbles: true, cancelable: true }));
    }
  }, events);
}

/** What is drawn, and whether the pen is on it. */
const drawn = (browser) =>
  browser.evaluate(() => {
    const { drawing, paper } = finder.one("convscope-pad").session;
    const strokes = drawing.strokes.map((stroke) => stroke.map((point) => point.map((value) => value.toFixed(2))));
    return { strokes: strokes.map((stroke) => stroke.join(" ")), penDown: paper.penDown };
  });

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=draw`);
  await browser.find("Drawing pad");
  await browser.evaluate(() => {
    const pad = finder.one("convscope-pad");
    // WebKit gives such events whole CSS pixels.
    pad.style.setProperty("width", "500px");
    pad.session.paper.clear();
  });
}

export const tests = [
  {
    name: "pad: a stroke whose points coincide is a dot on the pad too",
    async run(browser, site) {
      await open(browser, site);
      await touches(browser, [
        ["pointerdown", 0.5, 0.5],
        ["pointermove", 0.5, 0.5],
        ["pointermove", 0.5, 0.5],
        ["pointerup", 0.5, 0.5],
      ]);
      await browser.drawn();
      const ink = await browser.evaluate(() => {
        const canvas = finder.one("canvas", finder.one("convscope-pad"));
        const middle = canvas.width / 2;
        return canvas.getContext("2d").getImageData(middle, middle, 1, 1).data[3];
      });
      assert.equal(ink, 255);
    },
  },
  {
    name: "pad: a stroke ends where it leaves the pad, and another begins where it comes back",
    async run(browser, site) {
      await open(browser, site);
      await touches(browser, [
        ["pointerdown", 0.8, 0.2],
        ["pointermove", 1.2, 0.4],
        ["pointermove", 1.2, 0.8],
        ["pointermove", 0.8, 0.6],
        ["pointerup", 0.8, 0.6],
      ]);
      assert.deepEqual(await drawn(browser), {
        strokes: ["0.80,0.20 1.00,0.30", "1.00,0.70 0.80,0.60"],
        penDown: false,
      });
      // Across a corner, from one point outside to another.
      await touches(browser, [
        ["pointerdown", 0.5, 0.9],
        ["pointermove", 0.5, 1.1],
        ["pointermove", -0.1, 0.5],
        ["pointerup", -0.1, 0.5],
      ]);
      assert.deepEqual((await drawn(browser)).strokes.slice(2), ["0.50,0.90 0.50,1.00", "0.40,1.00 0.00,0.60"]);
    },
  },
  {
    name: "pad: a pen takes over from the palm beside it, whose ink goes",
    async run(browser, site) {
      await open(browser, site);
      await touches(browser, [
        ["pointerdown", 0.1, 0.5],
        ["pointerup", 0.1, 0.5],
        ["pointerdown", 0.9, 0.9, "touch"],
        ["pointermove", 1.1, 0.9, "touch"],
        ["pointermove", 0.9, 0.8, "touch"],
        ["pointerdown", 0.4, 0.4, "pen"],
        ["pointermove", 0.8, 0.8, "touch"],
        ["pointermove", 0.5, 0.5, "pen"],
        ["pointerup", 0.8, 0.8, "touch"],
        ["pointermove", 0.6, 0.6, "pen"],
        ["pointerup", 0.6, 0.6, "pen"],
      ]);
      assert.deepEqual(await drawn(browser), {
        strokes: ["0.10,0.50", "0.40,0.40 0.50,0.50 0.60,0.60"],
        penDown: false,
      });
    },
  },
  {
    name: "pad: a second finger and a palm beside the pen draw nothing",
    async run(browser, site) {
      await open(browser, site);
      await touches(browser, [
        ["pointerdown", 0.4, 0.4, "pen"],
        ["pointerdown", 0.9, 0.9, "touch"],
        ["pointermove", 0.8, 0.8, "touch"],
        ["pointermove", 0.5, 0.5, "pen"],
        ["pointerup", 0.5, 0.5, "pen"],
      ]);
      assert.deepEqual(await drawn(browser), { strokes: ["0.40,0.40 0.50,0.50"], penDown: false });
    },
  },
  ...["pointercancel", "lostpointercapture"].map((type) => ({
    name: `pad: ${type} ends a stroke, which stays, and the next begins anew`,
    async run(browser, site) {
      await open(browser, site);
      await touches(browser, [
        ["pointerdown", 0.2, 0.2],
        ["pointermove", 0.3, 0.3],
        [type],
        ["pointermove", 0.9, 0.9],
        ["pointerdown", 0.5, 0.5, "touch"],
        ["pointermove", 0.6, 0.5, "touch"],
        ["pointerup", 0.6, 0.5, "touch"],
      ]);
      const strokes = ["0.20,0.20 0.30,0.30", "0.50,0.50 0.60,0.50"];
      assert.deepEqual(await drawn(browser), { strokes, penDown: false });
    },
  })),
  {
    name: "pad: a stroke ends when the pad is taken away under the pen, and when something else is drawn",
    async run(browser, site) {
      await open(browser, site);
      await touches(browser, [
        ["pointerdown", 0.2, 0.2],
        ["pointermove", 0.3, 0.3],
      ]);
      await browser.evaluate(() => {
        const pad = finder.one("convscope-pad");
        const { parentNode, nextSibling } = pad;
        pad.remove();
        parentNode.insertBefore(pad, nextSibling);
      });
      assert.equal((await drawn(browser)).penDown, false);
      await touches(browser, [
        ["pointermove", 0.9, 0.9],
        ["pointerdown", 0.5, 0.5],
      ]);
      await browser.evaluate(() => {
        const { paper } = finder.one("convscope-pad").session;
        paper.replace({ strokes: [[[0.1, 0.1]]], shift: [0, 0] });
      });
      await touches(browser, [
        ["pointermove", 0.6, 0.6],
        ["pointerup", 0.6, 0.6],
      ]);
      assert.deepEqual(await drawn(browser), { strokes: ["0.10,0.10", "0.50,0.50 0.60,0.60"], penDown: false });
    },
  },
  {
    name: "pad: has as many pixels as the screen gives it, and nothing selects or opens a menu",
    async run(browser, site) {
      await open(browser, site);
      for (const width of ["233.4px", "301.7px"]) {
        await browser.evaluate((width) => finder.one("convscope-pad").style.setProperty("width", width), width);
        await browser.until(() => {
          const canvas = finder.one("canvas", finder.one("convscope-pad"));
          return canvas.width === Math.round(canvas.getBoundingClientRect().width * devicePixelRatio);
        });
      }
      const refused = await browser.evaluate(() => {
        const canvas = finder.one("canvas", finder.one("convscope-pad"));
        const { userSelect, webkitUserSelect } = getComputedStyle(canvas.parentElement);
        const allowed = (type) => canvas.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
        return [userSelect ?? webkitUserSelect, allowed("contextmenu"), allowed("touchstart")];
      });
      assert.deepEqual(refused, ["none", false, false]);
    },
  },
];
