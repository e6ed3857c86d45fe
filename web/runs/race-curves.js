import { LitElement, css, html } from "lit";
import { along } from "../training/axis.js";
import { smoothed } from "../training/curve.js";
import { followRace } from "./follow-race.js";
import { base } from "../ui/theme.js";
import "./curves.js";

/** @typedef {import("../training/run.js").Run} Run */
/**
 * @typedef {{ name: string, title: string, line: string }} Lane a runner's name and title, and how its line is drawn
 */

/** Examples whose mean loss is drawn, since that of a single mini-batch hides the runners behind its noise. */
const SMOOTHED = 960;

/** A run's loss as it is drawn: the mean over the last 960 examples at each point. @param {Run} run */
export function smoothLosses({ curve, settings: { batchSize } }) {
  return smoothed(curve.loss, Math.max(1, Math.round(SMOOTHED / batchSize / curve.stride)));
}

/** Loss and validation accuracy of all runners of a race. */
export class RaceCurves extends LitElement {
  static properties = {
    race: { attribute: false },
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
    const { race, lanes, axis, dark, logarithmic } = this;
    const racing = lanes.flatMap(({ name, title, line }) => {
      const run = race?.runners.find((runner) => runner.name === name)?.run;
      return run ? [{ label: title, line, run, x: along(run, axis) }] : [];
    });
    const losses = racing.map(({ run, x, ...drawn }) => ({ ...drawn, x: x.steps, y: smoothLosses(run) }));
    const accuracies = racing.map(({ run, x, ...drawn }) => ({
      ...drawn,
      sparse: true,
      x: x.epochs,
      y: run.epochs.map(({ valAccuracy }) => valAccuracy),
    }));
    return html`
      <convscope-curves
        .caption=${"Loss, mean over the last examples"}
        .unit=${axis}
        .logarithmic=${logarithmic}
        .dark=${dark}
        .lines=${losses}
      ></convscope-curves>
      <convscope-curves
        .caption=${"Validation accuracy"}
        .unit=${axis}
        .percent=${true}
        .dark=${dark}
        .lines=${accuracies}
      ></convscope-curves>
    `;
  }
}

customElements.define("convscope-race-curves", RaceCurves);
