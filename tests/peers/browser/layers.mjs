// Runs inside a page: times every part of a training step, or of a forward pass, in a build that can repeat one part
// alone.
import { optimizer, workloadNamed } from "../workloads.mjs";
import { load as loadPeak, operationsOfASpin } from "./peak.mjs";
import { openProfile, withoutMomentum } from "./profile.mjs";

/** Milliseconds; the clock counts tenths of them. */
const longEnough = 20;
/** Milliseconds in which a browser comes to compile in earnest what is done over and over. */
const warmUp = 400;

/** What a round measures, in turns. @type {(() => number)[]} */
let works;

/**
 * Gets everything ready to be timed.
 *
 * @param {boolean} inParts  Only where the batch goes through the network at once.
 * @returns {Promise<import("./profile.mjs").Part[]>}  The parts that a round times.
 */
export async function prepare(variant, name, mode, batch, inParts) {
  const engine = await openProfile(variant, workloadNamed(name), batch);
  const trains = mode === "train";
  const model = engine.model(trains ? optimizer : undefined);
  const whole = {
    train() {
      model.beginStep(engine.batchOf(batch), 1);
      model.takeStep();
    },
    infer: () => model.predict(engine.x),
  }[mode];
  const trainee = () => engine.model(trains ? optimizer : withoutMomentum);
  const profile = inParts && engine.profileOf(trainee(), engine.batchOf(batch));
  const { spin } = await loadPeak({ variant });
  const parts = profile ? profile.parts().map((part, index) => ({ ...part, index })) : [];
  const chosen = parts.filter(({ work }) => trains || ["read", "forward", "activation"].includes(work));
  works = [
    repeated((times) => repeat(times, whole)),
    repeated((times) => repeat(times, spin)),
    ...chosen.map(({ index }) => repeated((times) => profile.run(index, times))),
  ];
  return chosen;
}

/**
 * Milliseconds of the whole and of each part, and the peak in operations a millisecond.
 *
 * @returns {{ whole: number, peak: number, times: number[] }}
 */
export function round() {
  const [whole, spin, ...times] = works.map((work) => work());
  return { whole, peak: operationsOfASpin / spin, times };
}

function repeat(times, work) {
  for (let time = 0; time < times; time++) work();
}

/** What measures the milliseconds that `work` takes once. */
function repeated(work) {
  let times = 1;
  const timed = () => {
    const start = performance.now();
    work(times);
    return performance.now() - start;
  };
  const start = performance.now();
  while (performance.now() - start < warmUp) work(1);
  while (timed() < longEnough) times *= 2;
  return () => timed() / times;
}
