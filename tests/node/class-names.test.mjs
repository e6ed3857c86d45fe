// No code of web/ knows a layer, an optimiser or a network by its class' name in Keras: the core describes itself. Only what is
// read from files and written to them has those names.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";

const web = new URL("../../web/", import.meta.url);
const { Linter } = createRequire(new URL("package.json", web))("eslint");

const CLASS_NAMES = [
  ..."Activation AveragePooling2D BatchNormalization Conv2D Dense DepthwiseConv2D Dropout Flatten".split(" "),
  ..."GlobalAveragePooling2D GlobalMaxPooling2D InputLayer LeakyReLU MaxPooling2D ReLU Softmax".split(" "),
  ..."Adagrad Adam Adamax AdamW Nadam RMSprop SGD".split(" "),
  ..."Functional Sequential".split(" "),
];

/** Who may, and why. */
const ALLOWED = {
  "runs/optimizers.js": "the registry of optimisers says how Keras calls each",
  "views/activations/words.js": "says ReLU to the reader, as the title of a line",
  "views/train/regularization-settings.js": "says Dropout to the reader, as the label of a field",
};

/** Files of other frameworks and code are written with class names, so the room that reads and writes them is made of them. */
const ROOM_OF_NAMES = "exchange/";

/** The names in a module's strings and regular expressions; what a page says in words, and comments, may hold any. */
function namesIn(text) {
  const names = CLASS_NAMES.join("|");
  const rules = {
    "no-restricted-syntax": [
      "error",
      { selector: `Literal[value=/^(${names})$/]`, message: "a class name" },
      { selector: `Literal[regex.pattern=/(${names})/]`, message: "a pattern of class names" },
    ],
  };
  const languageOptions = { ecmaVersion: 2025, sourceType: "module" };
  return new Linter().verify(text, [{ languageOptions, rules }], { allowInlineConfig: false });
}

test("a class name is found in a string and in a regular expression, and passed over in words", () => {
  assert.equal(namesIn('if (layer.className === "Conv2D") {}').length, 1);
  assert.equal(namesIn("/^(Dense|.*2D)$/.test(name)").length, 1);
  assert.equal(namesIn('say("Dense layers see all of it"); // Conv2D does not').length, 0);
  assert.match(namesIn("not JavaScript")[0].message, /Parsing error/);
});

test("web/ holds no class name of Keras", async () => {
  const files = (await readdir(web, { recursive: true })).map((file) => file.replaceAll("\\", "/")).sort();
  const modules = files.filter((file) => file.endsWith(".js") && !/^(node_modules|models)\/|\.config\.js$/.test(file));
  assert.ok(modules.length > 150, `only ${modules.length} modules found`);
  const found = await Promise.all(
    modules.map(async (file) => {
      const faults = namesIn(await readFile(new URL(file, web), "utf8"));
      return faults.map(({ line, message }) => ({ file, fault: `${file}:${line}: ${message}` }));
    }),
  );
  const wrong = found.flat().filter(({ file }) => !(file in ALLOWED) && !file.startsWith(ROOM_OF_NAMES));
  assert.deepEqual(
    wrong.map(({ fault }) => fault),
    [],
  );
});
