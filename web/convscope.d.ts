/**
 * A convolutional network in a web page. Importing this module also defines the element `<conv-scope>`.
 *
 * Layouts are Keras': images are channels-last, kernels HWIO, dense kernels (in, out). Sizes in brackets are the order
 * in which a flat array runs, the last one fastest. Pixels are 0 to 1, white ink on black.
 */

/** Which build of the engine runs: simd128 everywhere, relaxed-simd, which is faster, where the browser has it. */
export type Variant = "simd" | "relaxed";

export interface EngineOptions {
  /** "auto", the default, takes "relaxed" where the browser has it. */
  variant?: Variant | "auto";
}

export interface RemoteEngineOptions extends EngineOptions {
  /**
   * How many workers train: `trainStep` cuts a batch of 32 examples or more into shares for them, unless the model has
   * batch normalisation. The bits don't depend on it. "auto" goes by the number of processor cores. 1 if left out.
   */
  workers?: 1 | 2 | 4 | "auto";
}

/**
 * Starts an engine of its own in this thread. Every call is carried out before it returns.
 *
 * @throws {EngineError} `load` where the browser lacks WebAssembly with SIMD or the wasm file cannot be had
 */
export function loadEngine(options?: EngineOptions): Promise<Engine>;

/**
 * Starts an engine in workers of its own: the same surface, every answer a promise, `await new engine.Dataset(…)`
 * included. Arrays that are passed in are copied; arrays that come back are handed over. Calls are carried out in their
 * order: one need not wait for an answer to make the next.
 *
 * If the engine stops, what was pending fails with `trap`, the workers start again, and all models and data sets are
 * still there, models compiled as before and with their last saved weights: those they were created with, last loaded,
 * set or written to a file with their optimiser, or, while one trains, those of at most ten seconds ago. `restarts` tells
 * it with an event `restart`, whose `detail` is the error. When nothing has been answered for 20 seconds, it tells that
 * with an event `silence`, whose `detail` is a function that has the workers start again; when there are answers again,
 * with one that has no `detail`.
 *
 * @throws {EngineError} `load` where there are no workers, a policy forbids them, or as for `loadEngine`
 */
export function connectEngine(options?: RemoteEngineOptions): Promise<RemoteEngine>;

/**
 * Tells where a page has files that otherwise lie beside `convscope.js`, such as `convscope-simd.wasm` and
 * `models/lenet5.safetensors`; what `find` has not is fetched from there. To be called before an engine is started.
 */
export function provideFiles(find: (name: string) => Uint8Array<ArrayBuffer> | undefined): void;

/**
 * - `config`: a description of a model, layer, optimiser or loss that cannot be built
 * - `shape`: a size or rank that doesn't fit what it is used with
 * - `value`: a number outside its range: a label, an index, a NaN; a layer or tensor that doesn't exist
 * - `format`: bytes or text that are not in the format they claim
 * - `limit`: larger than the engine accepts
 * - `type`: an argument of the wrong JavaScript type, or an option that there is not
 * - `load`: the engine, a model, data or a view could not be loaded
 * - `trap`: the engine stopped in the middle of a call
 * - `closed`: the engine was closed, or the model or data set freed
 * - `training`: only from `<conv-scope>`: what was to be trained could not be built
 * - `unknown`: only from `<conv-scope>`: an error that the engine did not expect
 */
export type ErrorCode =
  "config" | "shape" | "value" | "format" | "limit" | "type" | "load" | "trap" | "closed" | "training" | "unknown";

/** What every call throws, or its promise rejects with. The model is as it was before, except after `trap`. */
export interface EngineError extends Error {
  code: ErrorCode;
}

/** The methods of an engine, of a model, with what each answers: a row of `engine/methods.js` carries each out. */
export type EngineMethods = Omit<EngineIn<"thread">, "variant" | "Model" | "Dataset" | "close">;
export type ModelMethods = Omit<ModelIn<"thread">, "free">;

export type Engine = EngineIn<"thread">;
export type Model = ModelIn<"thread">;
export type Dataset = DatasetIn<"thread">;
export type RemoteEngine = EngineIn<"worker"> & { readonly restarts: EventTarget };
export type RemoteModel = ModelIn<"worker">;
export type RemoteDataset = DatasetIn<"worker">;

/** Where an engine runs. */
export type Where = "thread" | "worker";
/** What a call gives: in a worker, a promise. */
export type Answer<W extends Where, T> = W extends "worker" ? Promise<T> : T;

export interface EngineIn<W extends Where> {
  readonly variant: Variant;
  readonly Model: {
    /**
     * Builds a model from what `to_json()` of Keras' Sequential and Functional models writes (of the latter those with
     * one input and one output), as an object or as text. Without a seed one is
     * drawn, which `summary()` tells, so that what follows can be repeated.
     */
    fromConfig(config: KerasConfig | string, options?: { seed?: Seed }): Answer<W, ModelIn<W>>;
    /** Builds a model from a safetensors file that carries its description. */
    fromSafetensors(bytes: Bytes): Answer<W, ModelIn<W>>;
  };
  readonly Dataset: {
    /** As many examples as there are labels. Pixels are bytes [n, height, width, channels], 255 standing for 1. */
    new (pixels: Bytes, labels: Labels, options: { shape: ImageShape }): Answer<W, DatasetIn<W>>;
  };
  /** The 28×28 image that MNIST's makers would have made of a drawing, wherever and however large it is. */
  rasterize(strokes: Strokes, options?: RasterizeOptions): Answer<W, Raster>;
  /** Like `rasterize`, with the steps before as pictures. */
  rasterizeStages(strokes: Strokes, options?: RasterizeOptions): Answer<W, RasterStages>;
  /**
   * Digits number `first` up to `first + count` of an endless supply, 16,384 at most at a time. A digit depends on the
   * seed and its number alone.
   */
  generateDigits(options: { count: number; seed?: Seed; first?: number }): Answer<W, LabelledImages>;
  /** A copy of a 28×28 image, moved and bent. */
  augment(image: Float32Array, augmentation: Augmentation, options?: { seed?: Seed }): Answer<W, Float32Array>;
  /** The examples of two unpacked IDX files, the format of MNIST. */
  readIdx(images: Bytes, labels: Bytes): Answer<W, LabelledImages>;
  /**
   * What an IDX file holds, from its first 16 bytes, so that a wrong or overlarge one need not be unpacked.
   *
   * @throws {EngineError} `format` where they begin no such file, `limit` where it is larger than is read
   */
  readIdxHeader(bytes: Bytes): Answer<W, IdxHeader>;
  /**
   * The numbers of the examples to learn from and of those to keep apart, each in order: of every class the part
   * `validation`, 0 to 1, and of a class that has two examples at least one.
   */
  split(labels: Labels, options: { validation: number; seed?: Seed }): Answer<W, Split>;
  /** Where the windows of a layer lie along one axis. */
  windows(options: WindowOptions): Answer<W, Windows>;
  /** A network's description with penalties, dropout or batch normalisation put in. */
  varied(config: KerasConfig | string, variation: Variation): Answer<W, KerasConfig>;
  /**
   * What `summary` tells of the model that is described so, without making its weights; `seed` is 0.
   *
   * @throws {EngineError} `config` or `shape` where such a model cannot be built, with the layer at fault
   */
  describe(config: KerasConfig | string): Answer<W, Summary>;
  /**
   * How many units of a layer learn no more, judged by what they answer to many examples, `outputs` [n, units]: the
   * slope of their activation, a name or what Keras serialises, is below 5 % of its largest for at least 95 % of the
   * examples.
   */
  saturation(
    activation: string | KerasObject,
    outputs: Float32Array,
    options: { units: number },
  ): Answer<W, Saturation>;
  /** The ranking over the examples of both, of two rankings of the same model; of equal places those of `one` stay. */
  mergeRankings(one: Float32Array, other: Float32Array): Answer<W, Float32Array>;
  /** A digit as someone might write it; the same label and seed give the same strokes. */
  generateDigit(options: { label: number; seed?: Seed }): Answer<W, GeneratedDigit>;
  /**
   * Both parameters and the error after every step of an optimiser on an error surface, [steps + 1, 3], the start
   * first.
   */
  surfacePath(options: SurfacePathOptions): Answer<W, Float32Array>;
  /** An error surface's values on a grid, [rows, columns]. */
  surfaceGrid(options: SurfaceGridOptions): Answer<W, Float32Array>;
  /**
   * What an activation function makes of each number, then its derivative at each, [2, n] for n numbers, 65,536 at
   * most. A name (`"relu"`) or what Keras serialises; not softmax, which needs all units at once.
   */
  activationCurve(activation: string | KerasObject, x: Float32Array): Answer<W, Float32Array>;
  /**
   * The main directions of rows, [n, width], about their mean: those along which they differ most. `count` is at most 8
   * and the width, 2 if left out.
   */
  principalComponents(
    rows: Float32Array,
    options: { width: number; count?: number; before?: Float32Array },
  ): Answer<W, Components>;
  /** The places of further rows, [n, width], on known directions: [n, count]. */
  coordinates(rows: Float32Array, options: { mean: Float32Array; directions: Float32Array }): Answer<W, Float32Array>;
  /** The rows, [n, length of the row], nearest to one, nearest first: 9 if `count` is left out, at most 256. */
  nearestRows(rows: Float32Array, row: Float32Array, options?: { count?: number }): Answer<W, NearestRows>;
  /** Ends the engine with all that it holds. */
  close(): Answer<W, void>;
}

export interface ModelIn<W extends Where> {
  /** The model as Keras' `to_json()` describes it. */
  getConfig(): Answer<W, KerasConfig>;
  summary(): Answer<W, Summary>;
  /** Must come before training and evaluating. Keras' defaults hold for what is left out. */
  compile(options: CompileOptions | string): Answer<W, void>;
  /** One step of gradient descent on one batch; loss and accuracy are those before the step. */
  trainStep(...batch: Batch<W>): Answer<W, Metrics>;
  /**
   * Loss and accuracy on examples. With a `loss`, a name or what Keras serialises, the model need not be compiled. With
   * `confusion: true` also every answer.
   */
  evaluate(
    ...batch: [...Batch<W>, options?: { loss?: KerasObject | string; confusion?: boolean }]
  ): Answer<W, Metrics & Partial<Evaluation>>;
  /** [n, outputs] */
  predict(...examples: [x: Images] | [data: DatasetIn<W>, indices: Uint32Array | number[]]): Answer<W, Float32Array>;
  /**
   * Takes steps of gradient descent one after the other, from where the model is: step s since it was compiled is one
   * of epoch ⌊s / ⌈n / batchSize⌉⌋, and every epoch is shuffled as the seed says. So it does the same to the bit in
   * whatever portions it is called. In a worker, what is asked meanwhile and changes nothing is answered between two
   * steps; what changes the model waits until its turn has come.
   */
  fit(data: DatasetIn<W>, options: FitOptions): Answer<W, History>;
  /** Sets the learning rate from the next step on, until the model is compiled anew. */
  setLearningRate(rate: number): Answer<W, void>;
  /** What one layer answers to one example; a vector counts as 1×1 with n channels. */
  featureMaps(x: Images, layer: string): Answer<W, FeatureMaps>;
  /** What every layer answers to one example, or to a drawing, from one pass. */
  observe(
    x: Images | ({ strokes: ReadonlyStrokes; shift?: readonly [right: number, down: number] } & RasterizeOptions),
  ): Answer<W, Observation>;
  /**
   * What a unit sees in its own layer and in every one before it, as in `UnitArithmetic`: for this no example is
   * needed.
   */
  regions(place: UnitPlace): Answer<W, Region[]>;
  /**
   * What each channel that it sees adds to one map of a weighted sum, before bias and activation: planes, which add up
   * to the map.
   */
  channelMaps(x: Images, options: { layer: string; unit: number }): Answer<W, FeatureMaps>;
  /** Everything that goes into one unit's output for one example. */
  explainUnit(x: Images, place: UnitPlace): Answer<W, UnitArithmetic>;
  /**
   * Takes one unit's value back to the input: which pixels it comes from. A softmax of the layer itself is left out.
   */
  project(x: Images, options: ProjectOptions): Answer<W, Projection>;
  /**
   * How much each pixel counts for one unit: its absolute gradient, the mean over examples (Luo et al. 2016). [height,
   * width] of the input, summed over its channels.
   */
  effectiveReceptiveField(
    data: DatasetIn<W>,
    indices: Uint32Array | number[],
    place: UnitPlace,
  ): Answer<W, Float32Array>;
  /**
   * What the network answers while a square hides a part of one image (Zeiler, Fergus 2014): of `size` × `size` pixels,
   * an odd number, of `value`, centred on every `stride`-th pixel in turn.
   */
  occlude(
    x: Images,
    options: { size: number; /** 1 if left out */ stride?: number; /** 0 if left out */ value?: number },
  ): Answer<W, Occlusion>;
  /**
   * Which places of an image speak for an output (Zhou et al. 2016). Only for a network whose maps go through
   * GlobalAveragePooling2D into its last Dense layer; the error for another has the code `value`.
   */
  classActivation(x: Images, options: { unit: number }): Answer<W, ClassActivation>;
  /**
   * The 9 strongest places of each map of the convolutions, and of the normalisations and activations right behind
   * them, over examples; of each map and example at most one. Goes on from `before`, the ranking that an earlier call
   * on other indices gave, so that it can be done in portions.
   */
  strongestPatches(
    data: DatasetIn<W>,
    indices: Uint32Array | number[],
    options?: { before?: Float32Array },
  ): Answer<W, Ranking>;
  /**
   * An image that raises what goes into one unit's activation, by gradient ascent from seeded noise (Erhan et al. 2009;
   * Yosinski et al. 2015): pixels stay between 0 and 1, decay, and are blurred a little every few steps.
   */
  maximize(options: MaximizeOptions): Answer<W, Maximization>;
  /** What a layer answers to each example, [n, length] in Keras' order. */
  features(
    ...examples: [x: Images, layer: string] | [data: DatasetIn<W>, indices: Uint32Array | number[], layer: string]
  ): Answer<W, Float32Array>;
  /** One tensor by its name, `"conv2d/kernel"`. `values` run as `shape` says: kernels HWIO, dense (in, out). */
  weights(name: string): Answer<W, Tensor>;
  /** All weights, one tensor after the other: each begins at the `first` that the summary tells. */
  flatWeights(): Answer<W, Float32Array>;
  /** Replaces all weights, in the same order. */
  setFlatWeights(values: Float32Array): Answer<W, void>;
  /**
   * Replaces one tensor of weights, in Keras' layout; with `at`, a part of it: the numbers from that place of the flat
   * array on, as many as `values` has.
   *
   * @throws {EngineError} `shape` where `values` are not as many as the tensor has, or go beyond its end
   */
  setWeights(name: string, values: Float32Array, options?: { at?: number }): Answer<W, void>;
  /**
   * Description and weights as a safetensors file; with `optimizer`, also what it remembers, so that training can go
   * on.
   *
   * @throws {EngineError} with `optimizer`: `config` where the model is not compiled, `value` where training has gone
   * where no finite numbers are
   */
  toSafetensors(options?: { optimizer?: boolean }): Answer<W, Uint8Array>;
  /**
   * Takes the weights of a file whose tensors have this model's names and shapes, and the optimiser's state if it is
   * there.
   *
   * @throws {EngineError} `format`, `shape`, `config` or `value` where a part of the file is missing, of another kind or
   * model, or outside its range; the model is then as it was
   */
  loadSafetensors(bytes: Bytes): Answer<W, void>;
  /** Back to the weights that the model was created with; the optimiser forgets what it has seen. */
  reset(): Answer<W, void>;
  /** Gives the memory back at once. A model that nothing refers to any more is freed in time without it. */
  free(): Answer<W, void>;
}

export interface DatasetIn<W extends Where> {
  /** Gives the memory back at once. A data set that nothing refers to any more is freed in time without it. */
  free(): Answer<W, void>;
}

/** Examples with their targets, or a data set with the indices, from 0, of those of its examples that are meant. */
export type Batch<W extends Where> =
  [x: Images, y: Labels | OneHot] | [data: DatasetIn<W>, indices: Uint32Array | number[]];

/** A whole number from 0 to 2⁵³ − 1. The same seed, variant and calls give the same bits. 0 if left out. */
export type Seed = number;
/** A file's bytes. */
export type Bytes = Uint8Array | ArrayBuffer;
/**
 * Whole examples as the model's input shape says: [n, height, width, channels] or [n, length]. All numbers are finite.
 */
export type Images = Float32Array;
/** [n], each from 0 to classes − 1. */
export type Labels = Uint8Array | Uint16Array;
/** [n, classes] */
export type OneHot = Float32Array;
/** [channels, height, width], one plane after the other; for a vector, [n]. */
export type Planes = Float32Array;
export type ImageShape = [height: number, width: number, channels: number];
/** `[steps, channels]` of a sequence, which is shown as an image of one row; `[n]` from a layer that knows no places any
 * more, such as Dense. */
export type MapShape = ImageShape | [steps: number, channels: number] | [n: number];

export interface KerasConfig {
  class_name: string;
  config: Record<string, unknown>;
  [key: string]: unknown;
}

export interface CompileOptions {
  /** What `keras.optimizers.serialize()` gives, or a name: `"adam"`. */
  optimizer: KerasObject | string;
  /** What `keras.losses.serialize()` gives, or a name: `"sparse_categorical_crossentropy"`. */
  loss: KerasObject | string;
}

export interface KerasObject {
  class_name: string;
  config?: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Metrics {
  /** Penalties on weights included, as in Keras. */
  loss: number;
  /** 0 to 1 */
  accuracy: number;
}

/** What `evaluate` tells besides, if `confusion` is wanted. */
export interface Evaluation {
  /** [classes, classes]: how many examples of the row's class were answered with the column's. */
  confusion: Uint32Array;
  /** [n]: the answers, each the class of the largest output. */
  predictions: Uint16Array;
  /** [n]: the largest outputs; behind a softmax the answers' probabilities. */
  probabilities: Float32Array;
}

export interface FitOptions {
  /** 32 if left out; larger than the data set means all of it. The last batch of an epoch may be smaller. */
  batchSize?: number;
  /** Of the order of the examples and of augmentation. */
  seed?: Seed;
  /** How many at most. This, `until` or `milliseconds` is needed. */
  steps?: number;
  /** The number of steps, counted from when the model was compiled, at which it stops. */
  until?: number;
  /** After which no step begins, except the first. */
  milliseconds?: number;
  augmentation?: Augmentation;
}

/** One number a step: loss and accuracy of its batch before the step. */
export interface History {
  loss: Float32Array;
  accuracy: Float32Array;
}

/** How far 28×28 images are moved and bent, another way in each epoch; 0, or left out, switches a change off. */
export interface Augmentation {
  /** At most, along each axis, in pixels. */
  shift?: number;
  /** At most, in radians. */
  rotation?: number;
  /** At most, along each axis, as a part of the size. */
  scale?: number;
  /** At most, sideways for each pixel of height. */
  shear?: number;
  /** Root mean square of the elastic displacement along each axis, in pixels (Simard, Steinkraus, Platt 2003). */
  elastic?: number;
  /** Of the Gaussian that smooths it, in pixels. 4 if left out. */
  elasticSigma?: number;
}

/** The numbers of examples. */
export interface Split {
  training: Uint32Array;
  validation: Uint32Array;
}

export interface IdxHeader {
  kind: "images" | "labels";
  count: number;
  /** Of the images; null for labels. */
  shape: [height: number, width: number] | null;
  /** Bytes of the whole file. */
  length: number;
}

export interface LabelledImages {
  shape: ImageShape;
  /** [n, height, width, channels], 255 is white. */
  pixels: Uint8Array;
  /** [n] */
  labels: Uint8Array;
}

export interface Summary {
  /** The model's name. */
  name: string;
  /** Which the first weights come from. */
  seed: Seed;
  inputShape: MapShape;
  /** The length of one prediction. */
  outputs: number;
  /**
   * What its numbers are: shares of 1, as behind a softmax; probabilities of their own, as behind a sigmoid; or any numbers,
   * of which a softmax makes probabilities.
   */
  answers: "probabilities" | "independent" | "scores";
  params: number;
  trainableParams: number;
  /** For one example. */
  multiplyAdds: number;
  /** In the order in which they are applied, without the input layer: each behind those that it reads. */
  layers: Layer[];
}

/**
 * What is done with the cells that a unit sees, before its activation: they are weighted and added up; the largest, or
 * the mean, is taken; a map is scaled and shifted; one cell is handed on; or a rule of the layer's own makes something of one
 * cell, perhaps by others. Of one cell of each of several inputs: their sum, the first less the second, their product, mean,
 * largest or smallest; or the maps of all inputs lie one input's behind the other's, and a cell of one is handed on.
 */
export type Operation =
  | "weighted-sum"
  | "maximum"
  | "mean"
  | "normalization"
  | "copy"
  | "function"
  | "sum"
  | "difference"
  | "product"
  | "mean-of-inputs"
  | "maximum-of-inputs"
  | "minimum-of-inputs"
  | "concatenation";

/** What a layer computes, from which cells of what, and with which weights: nobody needs to know its class. */
export interface Layer {
  name: string;
  /** Keras' name of the class: `"Conv2D"`. */
  className: string;
  outputShape: MapShape;
  params: number;
  /** For one example. */
  multiplyAdds: number;
  operation: Operation;
  /** `name` is Keras', `"linear"` where there is none; `signed`: whether it gives a number below 0 for any. */
  activation: { name: string; signed: boolean };
  /** Whether the output can be below 0 for an input that is nowhere. */
  signed: boolean;
  /** Whether the layer, outside of training, only hands on what it gets, perhaps in another order. */
  passesOn: boolean;
  /** The names of the layers whose outputs this one reads; `""` for the network's input. */
  inputs: string[];
  /**
   * The layer whose output this one works on, of several inputs the first, `"input"` for the network's input: layers that
   * only hand on what they get are passed over.
   */
  source: string;
  sourceShape: MapShape;
  /** The window that slides over the source; null where none slides, as for a Dense layer. */
  window: { rows: SlidingWindow; columns: SlidingWindow } | null;
  /**
   * What one unit sees of the network's input; null where every unit sees all of it, or where units differ in more than their
   * place, as behind up-sampling.
   */
  receptiveField: ReceptiveField | null;
  /** Into how many groups a weighted sum divides its channels, each seen by its own units; otherwise 1. */
  groups: number;
  /** The weights of a weighted sum; otherwise null. */
  kernel: Kernel | null;
  /** The name of the weight that is added to a weighted sum. */
  bias: string | null;
  /** In Keras' order. */
  weights: Weight[];
}

/** A window along one axis, in cells. Window w covers those from w · stride − before on: `size` of them, each `dilation` behind
 * the one before. */
export interface SlidingWindow {
  /** Cells of the source. */
  input: number;
  size: number;
  dilation: number;
  stride: number;
  /** Cells of padding before the first. */
  before: number;
  /** How many windows there are. */
  output: number;
}

/** In pixels of the input, rows first: the unit at row r sees those from r · jump[0] + start[0] on. */
export interface ReceptiveField {
  /** Padding included. */
  size: [height: number, width: number];
  /** Where what the first unit sees begins: negative in the padding. */
  start: [row: number, column: number];
  /** From one unit to the next. */
  jump: [rows: number, columns: number];
}

/**
 * Weights as patches on the source, one for each unit and each channel that it sees: `values[(cell · channels +
 * channel) · units + unit]`, cells row by row. The first channel that a unit sees is number `⌊unit / (units / groups)⌋
 * · channels` of the source. A Dense layer behind a Flatten has patches as large as the image before that.
 */
export interface Kernel {
  /** The weight's name. */
  name: string;
  height: number;
  width: number;
  /** Which one unit sees. */
  channels: number;
  /** Maps, or units of a vector. */
  units: number;
  groups: number;
}

export interface Weight {
  /** `"conv2d/kernel"`, for `weights()`. */
  name: string;
  shape: number[];
  /** `"kernel"`, `"bias"`, `"gamma"`…: what Keras calls it. */
  role: string;
  /** Whether gradients train it. */
  trainable: boolean;
  /** Where it begins in `flatWeights()`. */
  first: number;
}

/** One unit of a network: in a map, one place of it. */
export interface UnitPlace {
  /** A layer's name. */
  layer: string;
  /** The number of the map, or of the unit of a vector layer. */
  unit: number;
  /** 0 if left out, as `column`. */
  row?: number;
  column?: number;
}

/**
 * How one unit's output comes about. Numbers per cell are the engine's own; sums are made in float64 and rounded once,
 * so that they agree with the layer's output to about 1e-5.
 */
export interface UnitArithmetic {
  /** What is done with the cells. */
  operation: Operation;
  /**
   * The layer whose output the window lies on, `"input"` for the network's input: the one before, or the image before a
   * Flatten, so that a Dense layer's weights are one patch a map. Dropout is passed over too.
   */
  source: string;
  sourceShape: MapShape;
  /**
   * The maps of the source that feed the unit: one for pooling, the group's for grouped convolutions. Of a layer with several
   * inputs one of each, of which `patches` has the one value; `source` is then the first of them. Where their maps lie one
   * input's behind the other's, there is one, of the input that the value comes from.
   */
  channels: number[];
  /** The window on the source: its first row and column, negative where it begins in the padding. */
  window: { row: number; column: number; height: number; width: number };
  /** Rows and columns from one cell of the window to the next; 1 where it has no holes. */
  dilation: [rows: number, columns: number];
  /** [channels, height, width]; 0 in the padding. */
  patches: Float32Array;
  /** [height, width]: 1 where a cell is a real pixel, 0 in the padding. */
  inside: Uint8Array;
  /**
   * [channels, height, width]: the weights; for "normalization" the one factor gamma / √(variance + epsilon); else
   * empty.
   */
  kernel: Float32Array;
  /** [channels, height, width]: patches times kernel; empty where that is. */
  products: Float32Array;
  /** [channels]: the sum of each one's products; empty where there are no weights. */
  sums: Float32Array;
  /** Over all channels; for "maximum" and "mean" these, for "copy" the value. */
  sum: number;
  /** 0 where there is none; for "normalization" beta − mean · factor. */
  bias: number;
  /** sum + bias: what the activation is applied to. */
  preactivation: number;
  /** Keras' name of the activation. */
  activation: string;
  /** For softmax the preactivations of all units, whose exponentials share the output; else empty. */
  logits: Float32Array;
  /** What the layer's output holds there. */
  output: number;
  /** For "maximum" the place in the window, row by row, of the cell that won; else −1. */
  winner: number;
  /**
   * What the unit sees in its own layer and in every one before it, `"input"` last: half-open ranges of cells, clipped
   * to the layer's size. A vector layer is 1×1, all of it seen.
   */
  regions: Region[];
}

/** A part of a layer, or of the `"input"`. */
export interface Region {
  layer: string;
  rows: [first: number, end: number];
  columns: [first: number, end: number];
  /** The same before clipping: it may begin in the padding, at a negative row or column, and end there. */
  field: { row: number; column: number; height: number; width: number };
}

/** A vector counts as 1×1 with n channels. */
export interface FeatureMaps {
  shape: ImageShape;
  planes: Planes;
}

/** Weights in Keras' layout: `values` run as `shape` says. */
export interface Tensor {
  shape: number[];
  values: Float32Array;
}

/** All that a network makes of one example. */
export interface Observation {
  /** [height, width, channels]: the example as the network gets it. */
  image: Float32Array;
  /** How a drawing came into the image; null for an example, and where nothing was drawn. */
  placement: Placement | null;
  layers: ({ name: string } & FeatureMaps)[];
  /** [outputs] */
  output: Float32Array;
  /** The number of the largest output, the first of equal ones. */
  class: number;
}

export interface ProjectOptions extends UnitPlace {
  /** Without row and column: the map's strongest place. */
  row?: number;
  column?: number;
  /**
   * - "gradient", the default: the plain gradient (Simonyan, Vedaldi, Zisserman 2014)
   * - "guided": a ReLU lets back what is positive in both directions (Springenberg et al. 2015)
   * - "deconvnet": a ReLU lets back what is positive, pooling gives back to the place that won; starts from the unit's
   *   value (Zeiler, Fergus 2014)
   *
   * Other activations, leaky ones included, multiply by their derivative under every rule.
   */
  rule?: "gradient" | "guided" | "deconvnet";
}

export interface Projection {
  /** The planes of the input's shape. */
  image: Planes;
  /** Of the unit; before a softmax. */
  value: number;
  row: number;
  column: number;
}

export interface Occlusion {
  /** Places of the square. */
  rows: number;
  columns: number;
  /** [rows, columns, outputs] */
  probabilities: Float32Array;
}

export interface ClassActivation {
  /** Of the maps before GlobalAveragePooling2D. */
  height: number;
  width: number;
  /**
   * [height, width]: the maps, each times its weight for the output. Its mean plus the bias is the output before
   * softmax.
   */
  map: Float32Array;
  bias: number;
}

export interface Ranking {
  /** In the order of the summary; `first` is the number of the layer's first map in the ranking. */
  layers: { name: string; units: number; first: number }[];
  /**
   * [units, 9, 4], strongest first: value, the example's index, row, column. Where there is no place yet the value is
   * -Infinity and the others are -1.
   */
  ranking: Float32Array;
  /** Of each unit: 9. */
  places: number;
}

export interface MaximizeOptions extends UnitPlace {
  /** 64 if left out, at most 4096. */
  steps?: number;
  /** Of the noise. */
  seed?: Seed;
}

export interface Maximization {
  /** The planes of the input's shape. */
  image: Planes;
  /** What went into the unit's activation for the noise. */
  before: number;
  /** What goes into it for the image. */
  after: number;
}

/** A setting of a convolution or of pooling along one axis. */
export interface WindowOptions {
  cells: number;
  size: number;
  /** 1 if left out. */
  stride?: number;
  /** As in Keras; "valid" if left out. */
  padding?: "valid" | "same";
}

export interface Windows {
  /** The first cell of each window: negative where it begins in the padding. */
  starts: Int32Array;
  /** Cells of padding on either side. */
  before: number;
  after: number;
  /** The cells that no window covers. */
  skipped: Uint32Array;
}

export interface Variation {
  /** The factors of the penalties on the kernels. */
  l1?: number;
  l2?: number;
  /** The part of a Dense layer's inputs that is dropped, 0 to 1. */
  dropout?: number;
  /** Behind every weighted sum but the last. */
  batchNormalization?: boolean;
}

export interface Saturation {
  units: number;
  saturated: number;
  /** Those among them that let no gradient through for any example. */
  dead: number;
}

export interface NearestRows {
  /** [count], nearest first */
  indices: Uint32Array;
  /** [count], Euclidean */
  distances: Float32Array;
}

export interface Components {
  /** [width] */
  mean: Float32Array;
  /**
   * [count, width], of length 1 and at right angles, the largest variance first. The largest component of each is
   * positive; or, with `before`, the directions of an earlier call, signs and the order of close variances agree with
   * those, so that a picture that moves does not flip.
   */
  directions: Float32Array;
  /** [count], with n − 1 in the denominator. */
  variances: Float32Array;
  /** The variance along all axes together. */
  total: number;
  /** [n, count]: the rows on the directions. */
  coordinates: Float32Array;
}

/** x to the right, y down, 1 being the side of the writing area. */
export type Point = [x: number, y: number];
/** The points of each stroke, in the order in which the pen passed them. */
export type Strokes = Point[][];
/** The same where they are only read. */
export type ReadonlyStrokes = readonly (readonly Point[])[];

export interface RasterizeOptions {
  /** In pixels of the 28×28 image, 1 to 8. The default gives the mean ink of MNIST. */
  penWidth?: number;
  /** Whether the centre of mass is moved to the middle, as in MNIST. True if left out. */
  center?: boolean;
}

export interface Raster {
  /** [28, 28] */
  image: Float32Array;
  /** [20, 20], the digit before it is placed in the image. */
  scaled: Float32Array;
  /** null where nothing was drawn; then all pixels are 0. */
  placement: Placement | null;
}

export interface RasterStages extends Raster {
  /** The writing area as it was drawn on. */
  raw: Picture;
  /** The part of it that holds ink; 0×0 where nothing was drawn. */
  cropped: Picture;
}

export interface Picture {
  width: number;
  height: number;
  /** [height, width] */
  pixels: Float32Array;
}

export interface Placement {
  /** Where the drawing was on the writing area. */
  bounds: { min: Point; max: Point };
  /** Pixels of the image for one side of the writing area. */
  scale: number;
  /** Of the ink in the 20×20 box, in pixels from its left upper corner. */
  centerOfMass: Point;
  /** The box's left upper corner in the image, in pixels. */
  offset: Point;
}

export interface GeneratedDigit {
  strokes: Strokes;
  /** The name of the handwriting style. */
  style: string;
  /** To draw it with: see `RasterizeOptions`. */
  penWidth: number;
}

/**
 * An error of two parameters. `regression` is the mean squared error of a straight line, slope and intercept, on so
 * many examples (32 if left out, at most 4096) that the seed gives; the others are the same for every example.
 */
export type ErrorSurface =
  { name: "regression"; examples?: number; seed?: Seed } | { name: "ravine" | "saddle" | "beale" | "rosenbrock" };

export interface SurfacePathOptions {
  surface: ErrorSurface;
  optimizer: CompileOptions["optimizer"];
  /** The parameters before the first step. */
  start: [number, number];
  /** 1 to 10,000. The path ends sooner where a number is no longer finite. */
  steps: number;
  /** Examples for each step's gradient; all if left out. */
  batchSize?: number;
  /** Of the order of the examples, which are shuffled before each epoch. */
  seed?: Seed;
}

export interface SurfaceGridOptions {
  surface: ErrorSurface;
  /** The grid's first point. */
  from: [number, number];
  /** The grid's last point. */
  to: [number, number];
  /** Of the first parameter. Rows times columns are at most 262,144. */
  columns: number;
  rows: number;
}

/**
 * Keeps a task that is slower than its caller from falling behind: while one call runs, only the newest of those made
 * meanwhile is kept, and answers arrive in order. A call that was passed over or dropped resolves to `undefined`.
 */
export function latest<Arguments extends unknown[], Result>(
  task: (...args: Arguments) => Promise<Result>,
): ((...args: Arguments) => Promise<Result | undefined>) & {
  /** Makes everything that was asked for until now stale. */
  drop(): void;
};

/**
 * `<conv-scope>`: one view of a network. Each property is an attribute of the same name, and a key in the hash of the
 * project's own pages. Views of one `group` share a model and a drawing.
 */
export interface ConvScopeElement extends HTMLElement {
  /** Which view: `"playground"` if left out. */
  view: string | undefined;
  /** A name of the catalogue, such as `"lenet5"`; its default if left out. */
  model: string | undefined;
  /** The address of a safetensors file with its description, relative to the page; instead of `model`. */
  weights: string | undefined;
  /** A generated digit to begin with, `"0"` to `"9"`. */
  digit: string | undefined;
  /** Of the generated digit: a whole number from 0 to 2⁵²; 0 if left out. */
  seed: string | undefined;
  /** The only layer that is shown; with `unit`, the layer of the map that is enlarged. */
  layer: string | undefined;
  /** The number of the map that is enlarged, from 0. */
  unit: string | undefined;
  /** `"row,column"`, from 0, of the unit of that map that is explained. */
  cell: string | undefined;
  /** What is left out, with commas: about, buttons, controls, input, model, prediction, scope, weights. */
  hide: string | undefined;
  /** `"light"` or `"dark"`; as the page if left out. */
  theme: string | undefined;
  group: string | undefined;
  /** A drawing to begin with, as `state` packs it. */
  strokes: string | undefined;
  /** `"right,down"`: how far it is moved, in pixels of the network's input; at most 14 each way. */
  shift: string | undefined;
  /** The attributes that it takes to show the same again; never the weights. */
  readonly state: ConvScopeState;
}

/** By attribute. */
export type ConvScopeState = Partial<
  Record<
    | "view"
    | "model"
    | "weights"
    | "digit"
    | "seed"
    | "layer"
    | "unit"
    | "cell"
    | "hide"
    | "theme"
    | "group"
    | "strokes"
    | "shift",
    string
  >
>;

/** What each event of `<conv-scope>` tells in its `detail`. They bubble, and leave shadow roots. */
export interface ConvScopeEvents {
  /** A model is on view, or a view that needs none. */
  "convscope-ready": Record<string, never>;
  /** The network has answered to a drawing; the digit is that of the largest probability. */
  "convscope-prediction": { digit: number; /** [outputs] */ probabilities: Float32Array };
  /** Something went wrong; `message` says what in words, and what to do next. */
  "convscope-error": { message: string; code: ErrorCode };
  /** `state` has changed. */
  "convscope-change": Record<string, never>;
  /** A network on view has learnt for another epoch, counted from 1; `val…` are those on examples that are kept apart. */
  "convscope-epoch": { epoch: number; loss: number; accuracy: number; valLoss: number; valAccuracy: number };
}

type ConvScopeEventMap = { [Name in keyof ConvScopeEvents]: CustomEvent<ConvScopeEvents[Name]> };

declare global {
  interface HTMLElementTagNameMap {
    "conv-scope": ConvScopeElement;
  }
  interface GlobalEventHandlersEventMap extends ConvScopeEventMap {}
}
