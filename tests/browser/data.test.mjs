// The view of the data: generated digits, and files that people drop on it, whatever is in them.
import { gzipSync } from "node:zlib";
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { locate } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";
import { dropAll, idx } from "./idx-files.mjs";

const COUNT = 40;
const images = idx(COUNT, Buffer.alloc(COUNT * 784, 90), 28);
const labels = idx(COUNT, Buffer.from(Array.from({ length: COUNT }, (_, index) => index % 10)));

/** The text of the element with that role and name, once it matches. */
const says = (browser, words, role, name) =>
  browser.until(
    (selector, words) => finder.says(selector, words),
    name ? `[role=${role}][aria-label=${name}]` : `[role=${role}]`,
    words.source,
  );
const current = (browser, words) => says(browser, words, "status", "Data");

const open = async (browser, site) => {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=data`);
  await browser.find("Next", "button");
  await browser.evaluate(() => {
    for (const details of finder.all("details", finder.one("convscope-data"))) details.open = true;
  });
};

export const tests = [
  {
    name: "data: real handwriting is there at once, generated digits come, and loading can be cancelled",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await current(browser, /MNIST sample: 2,498 images to learn, 502 for validation, 1,000 to test.*CC BY-SA 3\.0/);
      await browser.click("Generate", "button");
      await current(browser, /Generated digits: 20,000 images to learn, 2,000 for validation, 2,000 to test/);
      await browser.click("New ones", "button");
      await browser.click("Cancel", "button");
      await current(browser, /Generated digits: 20,000/);
      await browser.click("MNIST sample", "button");
      await current(browser, /MNIST sample: 2,498/);
      await browser.click("Next", "button");
      await browser.key("ArrowRight");
      await browser.until(() => finder.says(":not(:has(*))", "page 3 of"));
    },
  },
  {
    name: "data: dropped IDX files are taken, plain and gzip, with the second pair as the test set",
    async run(browser, site) {
      await open(browser, site);
      await dropAll(browser, { "train-images-idx3-ubyte.gz": gzipSync(images), "train-labels-idx1-ubyte": labels });
      await current(browser, /train-images-idx3-ubyte\.gz: 20 images to learn, 10 for validation, 10 to test/);
      await dropAll(browser, {
        "fashion-train-images": images,
        "fashion-train-labels": labels,
        "fashion-t10k-images.gz": gzipSync(idx(2, Buffer.alloc(2 * 784), 28)),
        "fashion-t10k-labels.gz": gzipSync(idx(2, Buffer.from([3, 4]))),
      });
      await current(browser, /Fashion-MNIST: 30 images to learn, 10 for validation, 2 to test/);
      await browser.find("Examples of Ankle boot", "img");
    },
  },
  {
    name: "data: what is wrong with a dropped file is said, and the former data stays",
    async run(browser, site) {
      await open(browser, site);
      await dropAll(browser, { images, labels });
      await current(browser, /images: 20 images/);
      const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919 + 13) % 251));
      const bomb = gzipSync(Buffer.concat([images, Buffer.alloc(50_000_000)]));
      for (const [files, words] of [
        [
          { cut: images.subarray(0, 5000), labels },
          /cut is cut short: its header promises 31,376 bytes, it holds 5,000/,
        ],
        [{ packed: gzipSync(images).subarray(0, 40), labels }, /packed could not be unpacked/],
        [{ header: images.subarray(0, 9), labels }, /header: the file is cut short/],
        [{ noise, labels }, /noise: an IDX file of images begins with .* this one with 0d 97 26 b0/],
        [{ nothing: Buffer.alloc(0) }, /nothing: an IDX file .* this one is empty/],
        [{ bomb, labels }, /bomb is longer than the 31,376 bytes/],
        [
          { huge: idx(0xffffffff, Buffer.alloc(784), 28), labels },
          /huge: images: axis 0 has 1 to 16777216 entries, the header promises 4294967295/,
        ],
        [{ images }, /images holds images; drop the file with their labels/],
        [{ labels }, /labels holds labels; drop the file with their images/],
        [{ images, five: idx(5, Buffer.alloc(5)) }, /No labels belong to images: it has 40 images, five has 5 labels/],
        [{ table: Buffer.from("label,pixel1,pixel2\n5,0,0\n") }, /table has 3 columns; a table of images has a label/],
        [
          { picture: Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]) },
          /One picture alone, or several in one folder/,
        ],
        [{ arrays: Buffer.from("PK\u0003\u0004 mnist.npz     ") }, /arrays is a damaged or incomplete zip archive/],
        [{ table: Buffer.from("PAR1 and so on") }, /table is a Parquet table\. Open it with pandas/],
        [{ images, letters: idx(COUNT, Buffer.alloc(COUNT, 77)) }, /letters: all images are labelled 77/],
      ]) {
        await dropAll(browser, files);
        await says(browser, words, "alert");
        await current(browser, /images: 20 images/);
      }
    },
  },
  {
    name: "data: Fashion-MNIST is known by its labels, for its files are called as MNIST's, and EMNIST's images are put upright",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const begin = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];
      await dropAll(browser, {
        "train-images-idx3-ubyte": images,
        "train-labels-idx1-ubyte": idx(
          COUNT,
          Buffer.from(Array.from({ length: COUNT }, (_, index) => begin[index % 10])),
        ),
      });
      await current(browser, /Fashion-MNIST: /);
      // Ink in the first row of each image, which in EMNIST's files is its first column.
      const rows = Buffer.from(Array.from({ length: COUNT * 784 }, (_, at) => (at % 784 < 28 ? 255 : 0)));
      await dropAll(browser, {
        "emnist-digits-train-images": idx(COUNT, rows, 28),
        "emnist-digits-train-labels": labels,
      });
      await current(browser, /EMNIST digits: .*rows and columns exchanged/);
      const inked = await browser.evaluate(() => {
        const { images } = finder.one("convscope-example-strip", finder.one("convscope-data"));
        return Array.from(images[0].subarray(0, 56), (ink) => Number(ink > 0));
      });
      const firstOfRow = Array.from({ length: 56 }, (_, at) => Number(at % 28 === 0));
      assert.deepEqual(inked, firstOfRow);
    },
  },
  {
    name: "data: the three parts are told apart, each with its images, and no button leads where nothing is",
    async run(browser, site) {
      await open(browser, site);
      const parts = await browser.until(() => {
        const texts = finder.all(".parts button", finder.one("convscope-data")).map((one) => one.textContent.trim());
        return texts.length === 3 && texts.map((text) => text.replace(/\s+/g, " "));
      });
      assert.match(parts[0], /^training 2,498 images .*learns from/);
      assert.match(parts[1], /^validation 502 images Never learnt from/);
      assert.match(parts[2], /^test 1,000 images Neither learnt from nor chosen by/);
      await browser.evaluate(() => finder.all(".parts button", finder.one("convscope-data"))[2].click());
      await browser.until(() => finder.says("strong", "The test images"));
      assert.deepEqual(await browser.evaluate(locate, "MNIST beside this page", "button"), []);
    },
  },
  accessibility("data", open),
];
