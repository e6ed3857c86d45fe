// A network under construction: designs and their changes, formulas that give the engine's numbers, repairs that the engine accepts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeEngine } from "../experiments/engine.mjs";
import { fieldsOf, readList, writtenList } from "../../web/exchange/layer-fields.js";
import { LAYER_GROUPS } from "../../web/exchange/layer-groups.js";
import { classesOf } from "../../web/exchange/classes.js";
import { readKerasCode } from "../../web/exchange/python/keras-code.js";
import { writeKerasCode } from "../../web/exchange/python/keras-writer.js";
import {
  describedDesign,
  designOf,
  graphOfDesign,
  inOrder,
  inserted,
  isSequential,
  moved,
  removed,
  replaced,
  withArguments,
} from "../../web/views/architecture/design.js";
import { formulasOf } from "../../web/views/architecture/formulas.js";
import { highlighted } from "../../web/views/architecture/highlight.js";
import { judge } from "../../web/views/architecture/judging.js";
import { PRESETS } from "../../web/views/architecture/presets.js";

const engine = await nodeEngine();
const lenet5 = designOf(PRESETS.find(({ name }) => name === "lenet5").config);
const residual = designOf(PRESETS.find(({ name }) => name === "residual").config);
const names = ({ layers }) => layers.map(({ name }) => name);

for (const { name, config } of PRESETS) {
  test(`${name}: its design is its description, and comes back from its code`, () => {
    const design = designOf(config);
    assert.deepEqual(designOf(describedDesign(design)), design);
    const { code, ranges } = writeKerasCode(graphOfDesign(design));
    const again = readKerasCode(code, { fits: false });
    const read = inOrder(designOf(again.config), again.ranges);
    assert.deepEqual(names(read), names(design));
    assert.equal(writeKerasCode(graphOfDesign(read)).code, code);
    assert.deepEqual(
      ranges.map((range) => range.name),
      [design.input.name, ...names(design)],
    );
  });

  test(`${name}: the engine knows it, and has nothing to say of it`, async () => {
    const design = designOf(config);
    const { summary, fault, remarks } = await judge(engine, design);
    assert.equal(fault, undefined);
    if (name === "alexnet") assert.equal(summary.params, 60_965_224);
    else assert.deepEqual(remarks, []);
  });
}

test("layers are added, removed and moved, each behind what it takes its input from", () => {
  const more = inserted(lenet5, 1, { className: "BatchNormalization", config: {} });
  assert.equal(more.layers[1].name, "batch_normalization");
  assert.ok(isSequential(more));
  assert.deepEqual(removed(more, 1), lenet5);
  const later = moved(lenet5, 1, 2);
  assert.ok(isSequential(later));
  assert.deepEqual(names(later).slice(0, 3), ["conv2d", "conv2d_1", "max_pooling2d"]);
  assert.deepEqual(moved(later, 2, 1), lenet5);
  assert.equal(moved(lenet5, 0, -1), lenet5);
  const last = inserted(lenet5, lenet5.layers.length, { className: "Dropout", config: { rate: 0.5 } });
  assert.equal(last.layers.at(-1).inputs[0], "dense_2");
});

test("a graph keeps its shortcuts", () => {
  const at = names(residual).indexOf("block1_conv2");
  const more = inserted(residual, at, { className: "BatchNormalization", config: {} });
  assert.deepEqual(more.layers[at].inputs, ["block1_conv1"]);
  assert.deepEqual(more.layers[at + 1].inputs, ["batch_normalization"]);
  assert.deepEqual(more.layers[at + 2].inputs, ["max_pooling2d", "block1_conv2"]);
  assert.deepEqual(removed(more, at), residual);
  assert.deepEqual(designOf(describedDesign(more)), more);
});

test("a layer with another name is the input of the same layers", () => {
  const renamed = replaced(residual, 0, { name: "first" });
  assert.deepEqual(renamed.layers[1].inputs, ["first"]);
  assert.equal(withArguments(lenet5, 0, { filters: undefined }).layers[0].config.filters, undefined);
});

test("formulas give the numbers that the engine gives", async () => {
  const { summary } = await judge(engine, lenet5);
  const told = Object.fromEntries(
    lenet5.layers.map(({ name, config }, at) => [name, formulasOf(summary.layers[at], summary, config)]),
  );
  const of = (name, what) => told[name].find((one) => one.what === what)?.formula;
  assert.equal(of("conv2d", "height = width"), "⌈n/s⌉ = ⌈28/1⌉ = 28");
  assert.equal(of("conv2d", "parameters"), "(5·5·1 + 1)·6 = 156");
  assert.equal(of("max_pooling2d", "height = width"), "⌈(n − k + 1)/s⌉ = ⌈(28 − 2 + 1)/2⌉ = 14");
  assert.equal(of("conv2d_1", "height = width"), "⌈(n − k + 1)/s⌉ = ⌈(14 − 5 + 1)/1⌉ = 10");
  assert.equal(of("conv2d_1", "multiply-adds"), "10·10·16·5·5·6 = 240,000");
  assert.equal(of("conv2d_1", "receptive field"), "6 + (5 − 1)·2 = 14");
  assert.equal(of("flatten", "units"), "5 · 5 · 16 = 400");
  assert.equal(of("dense_2", "parameters"), "(84 + 1)·10 = 850");
  assert.match(of("conv2d", "memory of one example"), /^28·28·6 · 4 bytes = 18\.4 KB$/);
});

/** What is offered for a design that does not fit. */
async function repairs(design) {
  const { fault } = await judge(engine, design);
  return { layer: fault.layer, sentence: fault.sentence, titles: fault.repairs.map(({ title }) => title), fault };
}

test("a layer that does not fit is named, and what is offered mends it", async () => {
  const large = withArguments(lenet5, 2, { kernel_size: [31, 31] });
  const { layer, sentence, titles, fault } = await repairs(large);
  assert.equal(layer, "conv2d_1");
  assert.match(sentence, /needs at least 31 cells, got 14/);
  assert.deepEqual(titles.slice(0, 2), ["kernel_size 14×14", 'padding "same"']);
  for (const { design } of fault.repairs) {
    const { fault: left } = await judge(engine, design);
    assert.notEqual(left?.layer, "conv2d_1");
  }
  const flat = removed(lenet5, 4);
  assert.deepEqual((await repairs(flat)).titles.slice(0, 2), ["Insert Flatten", "Insert GlobalAveragePooling2D"]);
  const early = moved(lenet5, 4, 2);
  assert.ok((await repairs(early)).titles.includes("Remove flatten"));
});

test("a network that ends in maps, without softmax, or in other classes, is told how to end", async () => {
  const maps = { ...lenet5, layers: lenet5.layers.slice(0, 3) };
  assert.match((await repairs(maps)).titles[0], /^Add Flatten and Dense/);
  const scores = withArguments(lenet5, 7, { activation: "linear" });
  assert.match((await judge(engine, scores)).remarks[0].sentence, /scores/);
  const twelve = withArguments(lenet5, 7, { units: 12 });
  const [{ repairs: offered }] = (await judge(engine, twelve)).remarks;
  assert.equal(offered[0].design.layers[7].config.units, 10);
  const linear = withArguments(lenet5, 5, { activation: undefined });
  assert.match((await judge(engine, linear)).remarks[0].sentence, /Nothing stands between dense and dense_1/);
});

test("an empty network and an unknown layer are told in words", async () => {
  assert.match((await repairs({ ...lenet5, layers: [] })).sentence, /no layers yet/);
  const unknown = inserted(lenet5, 0, { className: "Lambda", config: {} });
  assert.equal((await repairs(unknown)).layer, "lambda");
});

test("fields have the kinds of their arguments", () => {
  const kinds = (className) => Object.fromEntries(fieldsOf(className).map(({ name, kind }) => [name, kind]));
  const { filters, kernel_size, padding, activation, use_bias, kernel_initializer } = kinds("Conv2D");
  assert.deepEqual(
    [filters, kernel_size, padding, activation, use_bias, kernel_initializer],
    ["whole", "sizes", "choice", "choice", "switch", "choice"],
  );
  assert.equal(kinds("ZeroPadding2D").padding, "list");
  assert.equal(kinds("Dropout").rate, "number");
  assert.equal(fieldsOf("Conv1D").find(({ name }) => name === "kernel_size").axes, 1);
  for (const list of [
    2,
    [1, 2],
    [
      [1, 2],
      [0, 0],
    ],
    [-1],
  ])
    assert.deepEqual(readList(writtenList(list)), list);
  assert.deepEqual(readList("1, 2"), [1, 2]);
  for (const text of ["alert(1)", "1; 2", "None"]) assert.equal(readList(text), undefined);
});

test("every layer to add is one of Keras', with all that it needs", () => {
  for (const { kinds } of LAYER_GROUPS) {
    for (const { className, begins } of kinds) {
      const parameters = classesOf("layers").get(className);
      assert.ok(parameters, className);
      const missing = parameters.filter(({ name, required }) => required && begins[name] === undefined);
      assert.deepEqual(missing, [], className);
      for (const name of Object.keys(begins))
        assert.ok(
          parameters.some((one) => one.name === name),
          name,
        );
    }
  }
});

test("highlighting keeps every character", () => {
  const code = 'x = "a # b"  # it\'s\n\tfor y in 3.5e-2: "open\n';
  assert.equal(
    highlighted(code)
      .map((parts) => parts.map(({ text }) => text).join(""))
      .join("\n"),
    code,
  );
  assert.deepEqual(
    highlighted('"#" # 1')[0].map(({ kind }) => kind),
    ["string", "", "comment"],
  );
});
