import { LitElement, css, html } from "lit";
import { along } from "../training/axis.js";
import { followRace } from "./follow-race.js";
import { GUESSING, MOST_OF_FIRST } from "./losses.js";
import { smoothed } from "./smoothed.js";
import { base } from "../ui/theme.js";
import { ACCURACY, batchLoss, SMOOTHED_LOSS } from "./words.js";
import "./curves.js";

/** @typedef {import("../training/recorded.js").ShownRun} ShownRun */
/**
 * @typedef {{ name: string, title: string, line: string }} Lane a runner's name and title, and how its line is drawn
 */

/** A run's loss as it is drawn. @param {ShownRun} run */
export const smoothLosses = (run) => smoothed(run, run.curve.loss);

/** Loss and validation accuracy of all runners of a race. */
export class RaceCurves extends LitElement {
  static properties = {
    race: { attribute: false },
    recorded: { attribute: false },
    noise: { type: Boolean },
    dark: { attribute: false },
    lanes: { attribute: false },
    axis: { attribute: false },
    logarithmic: { attribute: false },
  };

  static styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
        gap: 16px 28px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("../training/race.js").Race | undefined} */
    this.race = undefined;
    /** Runs of an earlier time that are shown in the race's place, by the names of its runners. @type {Record<string, ShownRun> | undefined} */
    this.recorded = undefined;
    /** Whether the loss is shown behind its mean as it was, batch by batch. */
    this.noise = false;
    /** Whether canvases take the colours of the dark theme. */
    this.dark = false;
    /** @type {Lane[]} */
    this.lanes = [];
    /** @type {import("../training/axis.js").Axis} */
    this.axis = "step";
    this.logarithmic = false;
    followRace(this, () => this.race);
  }

  render() {
    const { race, recorded, lanes, axis, dark, logarithmic } = this;
    const racing = lanes.flatMap(({ name, title, line }) => {
      const run = recorded ? recorded[name] : race?.runners.find((runner) => runner.name === name)?.run;
      return run ? [{ label: title, line, run, x: along(run, axis) }] : [];
    });
    const means = racing.map(({ run, x, ...drawn }) => ({ ...drawn, x: x.steps, y: smoothLosses(run) }));
    const batches = racing.map(({ run, x, label, line }) => ({
      label: batchLoss(label),
      line,
      faint: true,
      x: x.steps,
      y: run.curve.loss,
    }));
    const losses = this.noise ? [...batches, ...means] : means;
    const accuracies = racing.map(({ run, x, ...drawn }) => ({
      ...drawn,
      sparse: true,
      x: x.epochs,
      y: run.epochs.map(({ valAccuracy }) => valAccuracy),
    }));
    const reach = Math.max(1, ...losses.flatMap(({ x }) => x.slice(-1)));
    const ceiling = MOST_OF_FIRST * Math.max(...racing.map(({ run }) => run.curve.loss[0] ?? Infinity));
    return html`
      <convscope-curves
        .caption=${SMOOTHED_LOSS}
        .unit=${axis}
        .logarithmic=${logarithmic}
        .dark=${dark}
        .blank=${GUESSING}
        .ceiling=${ceiling}
        .lines=${losses}
      ></convscope-curves>
      <convscope-curves
        .caption=${ACCURACY}
        .unit=${axis}
        .percent=${true}
        .dark=${dark}
        .reach=${reach}
        .lines=${accuracies}
      ></convscope-curves>
    `;
  }
}

customElements.define("convscope-race-curves", RaceCurves);
