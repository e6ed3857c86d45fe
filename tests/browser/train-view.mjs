// The view of a network that learns, in the hand of a test.
import { setTimeout as wait } from "node:timers/promises";
import { kept } from "./kept.mjs";

/** What the view's run has come to; runs inside the page. */
export function run() {
  const view = finder.one("convscope-train");
  const { run } = view ?? {};
  if (!run) return undefined;
  const { state, step, problem, epochs, snapshots, shown } = run;
  const losses = run.curve.loss.slice(-20);
  return {
    state,
    step,
    problem,
    shown: shown ? shown.step : "newest",
    batchSize: run.settings.batchSize,
    epochs: epochs.map(({ valAccuracy }) => valAccuracy),
    snapshots: snapshots.all.map(({ step }) => step),
    loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
  };
}

/** Types into a field as a person would: the old value goes; runs inside the page. */
export function type(label, value) {
  const field = finder
    .all("label", finder.one("convscope-training-settings"))
    .find((one) => one.textContent.trim().startsWith(label))
    .querySelector("input, select");
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

export async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=train&model=lenet5&digit=3`);
  await ready(browser);
}

/** Waits until the run of the settings on view is there. */
export async function ready(browser) {
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; await wait(100)) {
    const { disabled } = await browser.find("Train", "button");
    if (!disabled) return;
  }
  throw new Error("there is nothing to train");
}

export const until = async (browser, holds) => {
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; await wait(50)) {
    const now = await browser.evaluate(run);
    if (now && holds(now)) return now;
  }
  throw new Error(`waited for ${holds}: ${JSON.stringify(await browser.evaluate(run))}`);
};

/**
 * Waits until the browser has written down that a run goes on from that step, or forgotten it: a slow disk takes its
 * time.
 */
export const written = async (browser, step, there = true) => {
  const steps = () => browser.evaluate(kept, "convscope-runs", "runs", ["record", "snapshot", "step"]);
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await wait(50)) {
    if ((await steps()).includes(step) === there) return;
  }
  throw new Error(`waited for step ${step} to be ${there ? "kept" : "forgotten"}: ${await steps()}`);
};

/** Pauses, and waits until the run has come to rest and that is written down. */
export const rest = async (browser) => {
  await browser.click("Pause", "button");
  await browser.evaluate(() => finder.one("convscope-train").run.pause());
  const paused = await until(browser, ({ state, step, snapshots }) => state === "paused" && snapshots.at(-1) === step);
  await written(browser, paused.step);
  return paused;
};
