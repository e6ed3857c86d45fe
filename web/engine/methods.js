// What methods there are, one row each: all that is known of a method stands here, and nothing of it elsewhere.
// `api.js` makes the classes of both engines of it, an instance carries it out, and the workers, their client and its
// backup go by its flags. To add a method: a row here, and its types in `convscope.d.ts`, which the rows are held to.

import * as check from "./checks.js";
import { floats, indices, integer, optional, or, record, text } from "./checks.js";
import { History, batchOf, batchesOf } from "./schedule.js";

/** @typedef {import("./checks.js").Checks} Checks */
/** @template {Checks} C @typedef {import("./checks.js").Checked<C>} Checked */
/** @typedef {import("./workers/team.js").Team} Team */
/** @typedef {typeof import("convscope-wasm")} Glue */
/** @typedef {import("convscope-wasm").Model} GlueModel */
/** @typedef {import("convscope-wasm").Dataset} GlueDataset */

/**
 * What a model is set to by a call, which a backup has to repeat: `"part"` is a part of its weights.
 *
 * @typedef {"training" | "rate" | "weights" | "part"} Setting
 */
/** @typedef {Record<string, unknown> & { data?: object }} Arguments checked; a data set is always called `data` */
/** @typedef {{ name: string, values: Float32Array, options: { at?: number } }} PartOfWeights arguments that set a part of the weights */
/**
 * A row as everybody but itself sees it.
 *
 * @typedef {object} Row
 * @property {Checks} args the arguments in their order
 * @property {Checks} [onData] the arguments where the first is a data set
 * @property {Setting} [sets] it waits until the training before it has ended
 * @property {(answer: never) => number | undefined} [trains] that it takes steps of training; tells the loss of the last, if
 *   there is one
 * @property {boolean} [letsPass] what is asked meanwhile and changes nothing is answered before it has ended
 * @property {(args: never) => boolean} [copies] whether the answer is a copy of all that the model has learnt
 * @property {(target: never, args: never, glue: Glue) => unknown} run carries it out in one instance
 * @property {(team: Team, target: never, args: never) => Promise<unknown>} [share] carries it out in several workers
 */
/**
 * What a row says besides its arguments.
 *
 * @template {Checks} A
 * @template {Checks} D
 * @template Target
 * @template Result
 * @typedef {object} Rest
 * @property {Setting} [sets]
 * @property {(answer: Result) => number | undefined} [trains]
 * @property {boolean} [letsPass]
 * @property {(args: Checked<A>) => boolean} [copies]
 * @property {(target: Target, args: Checked<A> | Checked<D>, glue: Glue) => Result} run
 * @property {(team: Team, target: Target, args: Checked<A> | Checked<D>) => Promise<Result>} [share]
 */
/** @template {Checks} A @template {Checks} D @typedef {{ args: A, onData?: D }} Given */
/**
 * One row for each method, with its answer.
 *
 * @template Methods
 * @typedef {{ [Name in keyof Methods]: Methods[Name] extends (...args: never) => infer Result
 *   ? Row & { run: (target: never, args: never, glue: Glue) => Result } : never }} Table
 */

/**
 * A method of the engine or of a class.
 *
 * @template {Checks} A
 * @template {Checks} [D=never]
 * @param {A} args
 * @param {D} [onData]
 * @returns {<Result>(rest: Rest<A, D, Glue, Result>) => NoInfer<Given<A, D> & Rest<A, D, Glue, Result>>}
 */
const ofEngine = (args, onData) => (rest) => ({ args, onData, ...rest });
/**
 * A method of models.
 *
 * @template {Checks} A
 * @template {Checks} [D=never]
 * @param {A} args
 * @param {D} [onData]
 * @returns {<Result>(rest: Rest<A, D, GlueModel, Result>) => NoInfer<Given<A, D> & Rest<A, D, GlueModel, Result>>}
 */
const ofModel = (args, onData) => (rest) => ({ args, onData, ...rest });

const seed = or(integer, 0);
const labelled = { x: floats, y: check.targets };
const onData = { data: check.dataset, indices };
const place = { layer: text, unit: check.index, row: or(check.index, 0), column: or(check.index, 0) };
const pen = { penWidth: optional(check.finite), center: optional(check.flag) };
const judging = record({ loss: optional(check.named), confusion: or(check.flag, false) });
const augmentation = record({
  shift: optional(check.finite),
  rotation: optional(check.finite),
  scale: optional(check.finite),
  shear: optional(check.finite),
  elastic: optional(check.finite),
  elasticSigma: optional(check.finite),
});
const surface = record({ name: text, examples: optional(check.index), seed: optional(integer) });
const NONE = new Float32Array(0);

/** What makes objects. */
export const MAKERS = {
  fromConfig: ofEngine({ config: check.json, options: record({ seed: optional(integer) }) })({
    run: ({ Model }, { config, options }) => Model.fromConfig(config, options.seed),
  }),
  fromSafetensors: ofEngine({ bytes: check.bytes })({
    run: ({ Model }, { bytes }) => Model.fromSafetensors(bytes),
  }),
  dataset: ofEngine({ pixels: check.bytes, labels: check.labels, options: record({ shape: check.imageShape }) })({
    run: ({ Dataset }, { pixels, labels, options }) => new Dataset(pixels, labels, ...options.shape),
  }),
};

export const MODEL = /** @satisfies {Table<import("../convscope.js").ModelMethods>} */ ({
  getConfig: ofModel({})({ run: (model) => model.getConfig() }),
  summary: ofModel({})({ run: (model) => model.summary() }),
  compile: ofModel({ options: check.json })({
    sets: "training",
    run: (model, { options }) => model.compile(options),
  }),
  trainStep: ofModel(
    labelled,
    onData,
  )({
    trains: ({ loss }) => loss,
    run(model, args, glue) {
      model.beginStep(batchOf(args, glue), 1);
      return model.takeStep();
    },
    share: (team, model, args) => team.step(model, args),
  }),
  evaluate: ofModel(
    { ...labelled, options: judging },
    { ...onData, options: judging },
  )({
    run(model, args, glue) {
      const { loss, confusion } = args.options;
      const batch = batchOf(args, glue);
      return confusion ? model.evaluateInFull(batch, loss) : model.evaluate(batch, loss);
    },
  }),
  predict: ofModel(
    { x: floats },
    onData,
  )({
    run: (model, args) => ("data" in args ? model.predictOn(args.data, args.indices) : model.predict(args.x)),
  }),
  fit: ofModel({
    data: check.dataset,
    options: check.anyOf(
      ["steps", "until", "milliseconds"],
      record({
        batchSize: or(check.count, 32),
        seed,
        steps: optional(check.count),
        until: optional(integer),
        milliseconds: optional(check.finite),
        augmentation: optional(augmentation),
      }),
    ),
  })({
    trains: ({ loss }) => loss.at(-1),
    letsPass: true,
    run(model, { data, options }, glue) {
      const history = new History();
      for (const examples of batchesOf(model, data, options, glue)) {
        model.beginStep(batchOf(examples, glue), 1);
        history.add(model.takeStep());
      }
      return history.arrays;
    },
    share: (team, model, { data, options }) => team.fit(model, (glue) => batchesOf(model, data, options, glue)),
  }),
  setLearningRate: ofModel({ rate: check.finite })({
    sets: "rate",
    run: (model, { rate }) => model.setLearningRate(rate),
  }),
  featureMaps: ofModel({ x: floats, layer: text })({
    run: (model, { x, layer }) => model.featureMaps(x, layer),
  }),
  observe: ofModel({ x: check.floatsOr(record({ strokes: check.strokes, shift: or(check.steps, [0, 0]), ...pen })) })({
    run(model, { x }) {
      if (!("strokes" in x)) return model.observe(x);
      const {
        strokes: { points, lengths },
        shift: [right, down],
        ...options
      } = x;
      return model.observeStrokes(points, lengths, right, down, options);
    },
  }),
  regions: ofModel({ place: record(place) })({ run: (model, { place }) => model.regions(place) }),
  channelMaps: ofModel({ x: floats, options: record({ layer: text, unit: check.index }) })({
    run: (model, { x, options: { layer, unit } }) => model.channelMaps(x, layer, unit),
  }),
  explainUnit: ofModel({ x: floats, place: record(place) })({
    run: (model, { x, place }) => model.explainUnit(x, place),
  }),
  project: ofModel({
    x: floats,
    options: record({
      ...place,
      row: optional(check.index),
      column: optional(check.index),
      rule: or(text, "gradient"),
    }),
  })({
    run: (model, { x, options: { rule, ...place } }) => model.project(x, place, rule),
  }),
  effectiveReceptiveField: ofModel({ ...onData, place: record(place) })({
    run: (model, { data, indices, place }) => model.effectiveReceptiveField(data, indices, place),
  }),
  occlude: ofModel({
    x: floats,
    options: record({ size: check.count, stride: or(check.count, 1), value: or(check.finite, 0) }),
  })({
    run: (model, { x, options: { size, stride, value } }) => model.occlude(x, size, stride, value),
  }),
  classActivation: ofModel({ x: floats, options: record({ unit: check.index }) })({
    run: (model, { x, options }) => model.classActivation(x, options.unit),
  }),
  strongestPatches: ofModel({ ...onData, options: record({ before: or(floats, NONE) }) })({
    run: (model, { data, indices, options }) => model.strongestPatches(data, indices, options.before),
    share: (team, model, { data, indices, options }) => team.rank(model, data, indices, options.before),
  }),
  maximize: ofModel({ options: record({ ...place, steps: or(check.index, 64), seed }) })({
    run: (model, { options: { steps, seed, ...place } }) => model.maximize(place, steps, seed),
  }),
  features: ofModel(
    { x: floats, layer: text },
    { ...onData, layer: text },
  )({
    run: (model, args) =>
      "data" in args ? model.featuresOn(args.data, args.indices, args.layer) : model.features(args.x, args.layer),
  }),
  weights: ofModel({ name: text })({ run: (model, { name }) => model.weights(name) }),
  setWeights: ofModel({ name: text, values: floats, options: record({ at: optional(check.index) }) })({
    sets: "part",
    run: (model, { name, values, options }) => model.setWeights(name, values, options.at),
  }),
  flatWeights: ofModel({})({ run: (model) => model.flatWeights() }),
  setFlatWeights: ofModel({ values: floats })({
    sets: "weights",
    run: (model, { values }) => model.setFlatWeights(values),
  }),
  toSafetensors: ofModel({ options: record({ optimizer: or(check.flag, false) }) })({
    copies: ({ options }) => options.optimizer,
    run: (model, { options }) => model.toSafetensors(options.optimizer),
  }),
  loadSafetensors: ofModel({ bytes: check.bytes })({
    sets: "weights",
    run: (model, { bytes }) => model.loadSafetensors(bytes),
  }),
  reset: ofModel({})({ sets: "weights", run: (model) => model.reset() }),
});

export const ENGINE = /** @satisfies {Table<import("../convscope.js").EngineMethods>} */ ({
  rasterize: ofEngine({ strokes: check.strokes, options: record(pen) })({
    run: (glue, { strokes: { points, lengths }, options }) => glue.rasterize(points, lengths, options),
  }),
  rasterizeStages: ofEngine({ strokes: check.strokes, options: record(pen) })({
    run: (glue, { strokes: { points, lengths }, options }) => glue.rasterizeStages(points, lengths, options),
  }),
  generateDigit: ofEngine({ options: record({ label: check.byte, seed }) })({
    run: (glue, { options: { label, seed } }) => glue.generateDigit(label, seed),
  }),
  generateDigits: ofEngine({ options: record({ count: check.index, seed, first: or(integer, 0) }) })({
    run: (glue, { options: { count, seed, first } }) => glue.generateDigits(seed, first, count),
  }),
  augment: ofEngine({ image: floats, augmentation, options: record({ seed }) })({
    run: ({ Augmentation }, { image, augmentation, options }) =>
      new Augmentation(JSON.stringify(augmentation), options.seed, 0).apply(image),
  }),
  readIdx: ofEngine({ images: check.bytes, labels: check.bytes })({
    run: (glue, { images, labels }) => glue.readIdx(images, labels),
  }),
  readIdxHeader: ofEngine({ bytes: check.bytes })({ run: (glue, { bytes }) => glue.readIdxHeader(bytes) }),
  split: ofEngine({ labels: check.labels, options: record({ validation: check.finite, seed }) })({
    run: (glue, { labels, options: { validation, seed } }) => glue.split(labels, validation, seed),
  }),
  windows: ofEngine({
    options: record({ cells: check.index, size: check.index, stride: or(check.index, 1), padding: or(text, "valid") }),
  })({
    run: (glue, { options: { cells, size, stride, padding } }) => glue.windows(cells, size, stride, padding),
  }),
  varied: ofEngine({
    config: check.json,
    variation: record({
      l1: optional(check.finite),
      l2: optional(check.finite),
      dropout: optional(check.finite),
      batchNormalization: optional(check.flag),
    }),
  })({
    run: (glue, { config, variation }) => glue.varied(config, variation),
  }),
  describe: ofEngine({ config: check.json })({ run: (glue, { config }) => glue.describe(config) }),
  saturation: ofEngine({ activation: check.named, outputs: floats, options: record({ units: check.count }) })({
    run: (glue, { activation, outputs, options }) =>
      glue.saturation(`{"activation":${activation}}`, outputs, options.units),
  }),
  mergeRankings: ofEngine({ one: floats, other: floats })({
    run: (glue, { one, other }) => glue.mergeRankings(one, other),
  }),
  surfacePath: ofEngine({
    options: record({
      surface,
      optimizer: check.named,
      start: check.pair,
      steps: check.index,
      batchSize: or(check.index, 0xffff_ffff),
      seed,
    }),
  })({
    run: (glue, { options: { surface, optimizer, start, steps, batchSize, seed } }) =>
      glue.surfacePath(
        `{"surface":${JSON.stringify(surface)},"optimizer":${optimizer}}`,
        ...start,
        steps,
        batchSize,
        seed,
      ),
  }),
  surfaceGrid: ofEngine({
    options: record({ surface, from: check.pair, to: check.pair, columns: check.index, rows: check.index }),
  })({
    run: (glue, { options: { surface, from, to, columns, rows } }) =>
      glue.surfaceGrid(JSON.stringify(surface), Float32Array.of(...from, ...to), columns, rows),
  }),
  activationCurve: ofEngine({ activation: check.named, x: floats })({
    run: (glue, { activation, x }) => glue.activationCurve(`{"activation":${activation}}`, x),
  }),
  principalComponents: ofEngine({
    rows: floats,
    options: record({ width: check.count, count: or(check.count, 2), before: or(floats, NONE) }),
  })({
    run: (glue, { rows, options: { width, count, before } }) => glue.principalComponents(rows, before, width, count),
  }),
  coordinates: ofEngine({ rows: floats, options: record({ mean: floats, directions: floats }) })({
    run: (glue, { rows, options: { mean, directions } }) => glue.coordinates(rows, mean, directions),
  }),
  nearestRows: ofEngine({ rows: floats, row: floats, options: record({ count: or(check.count, 9) }) })({
    run: (glue, { rows, row, options }) => glue.nearestRows(rows, row, options.count),
  }),
});

const TABLES = { make: MAKERS, model: MODEL, engine: ENGINE };

/**
 * How a call names its method.
 *
 * @typedef {{ [Of in keyof typeof TABLES]: { of: Of, name: keyof typeof TABLES[Of] } }[keyof typeof TABLES]} Method
 */

/** @param {Method} method */
export function rowOf({ of, name }) {
  const /** @type {Record<string, Row>} */ table = TABLES[of];
  return table[name];
}
