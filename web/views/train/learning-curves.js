import { css, html } from "lit";
import { AXES, along, placeOn, reachOf } from "../../training/axis.js";
import { choiceField, fieldStyles, switchField } from "../../ui/fields.js";
import { RUN_EVENTS } from "../../training/run.js";
import { Following } from "../../ui/following.js";
import { OwnTaskElement } from "../../ui/staged-element.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { percent } from "../../ui/numbers.js";
import { GUESSING, MOST_OF_FIRST } from "../../runs/losses.js";
import { smoothed } from "../../runs/smoothed.js";
import { ABOVE, RESTORED, SHOWN, WHY_ABOVE, lastEpochs, restoredMark } from "./words.js";
import "../../runs/curves.js";

/** The most epochs of which the table tells. */
const ROWS = 100;

/** Loss and accuracy of a run, in training step by step and in validation epoch by epoch, and its epochs as a table. */
export class LearningCurves extends OwnTaskElement {
  static properties = {
    run: { attribute: false },
    dark: { attribute: false },
    axis: { state: true },
    logarithmic: { state: true },
    open: { state: true },
  };

  static styles = [
    base,
    fieldStyles,
    tableStyles,
    css`
      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr));
        align-items: start;
        gap: 16px 28px;
      }
      summary {
        min-height: 24px;
        cursor: pointer;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("../../training/run.js").Run | undefined} */
    this.run = undefined;
    /** Whether canvases take the colours of the dark theme. */
    this.dark = false;
    /** @type {import("../../training/axis.js").Axis} */
    this.axis = "step";
    this.logarithmic = false;
    /** Whether the table is on view: only then it has rows. */
    this.open = false;
    new Following(this, RUN_EVENTS, () => this.run);
  }

  #curves() {
    const { run, dark, axis, logarithmic } = this;
    const x = run ? along(run, axis) : { steps: [], epochs: [] };
    const epochs = run?.epochs ?? [];
    /** @param {"loss" | "accuracy"} name @param {number[]} validated */
    const lines = (name, validated) => {
      const raw = run ? [...run.curve[name]] : [];
      const smooth = run ? smoothed(run, raw) : [];
      return [
        ...(smooth === raw ? [] : [{ label: "each batch", line: "training", faint: true, x: x.steps, y: raw }]),
        { label: "training", line: "training", x: x.steps, y: smooth },
        { label: "validation", line: "validation", sparse: true, x: x.epochs, y: validated },
      ];
    };
    const [first = Infinity] = run?.curve.loss ?? [];
    const at = run?.shown && placeOn(run, run.shown.step, axis);
    const marks = this.#marks();
    return html`
      <div class="curves">
        <convscope-curves
          .caption=${"Loss"}
          .unit=${axis}
          .logarithmic=${logarithmic}
          .dark=${dark}
          .reach=${run ? reachOf(run, axis) : 1}
          .at=${at}
          .marks=${marks}
          .blank=${GUESSING}
          .ceiling=${MOST_OF_FIRST * first}
          .lines=${lines(
            "loss",
            epochs.map(({ valLoss }) => valLoss),
          )}
        ></convscope-curves>
        <convscope-curves
          .caption=${"Accuracy"}
          .unit=${axis}
          .percent=${true}
          .dark=${dark}
          .reach=${run ? reachOf(run, axis) : 1}
          .at=${at}
          .marks=${marks}
          .lines=${lines(
            "accuracy",
            epochs.map(({ valAccuracy }) => valAccuracy),
          )}
        ></convscope-curves>
      </div>
      <form>
        ${choiceField({
          text: "By",
          value: axis,
          options: AXES,
          change: (chosen) => (this.axis = AXES.find(({ value }) => value === chosen)?.value ?? "step"),
        })}
        ${switchField({ text: "logarithmic loss", checked: logarithmic, change: (chosen) => (this.logarithmic = chosen) })}
      </form>
    `;
  }

  /** The weights that are on view, where they aren't the newest. @returns {import("../../runs/chart-marks.js").Mark[]} */
  #marks() {
    const { run, axis } = this;
    if (!run) return [];
    const { restored, shown } = run;
    return [
      ...(restored ? [{ x: placeOn(run, restored.step, axis), text: restoredMark(restored.epoch) }] : []),
      ...(shown && shown.step !== restored?.step ? [{ x: placeOn(run, shown.step, axis), text: SHOWN }] : []),
    ];
  }

  render() {
    const { restored } = this.run ?? {};
    const epochs = this.run?.epochs ?? [];
    const names = ["epoch", "loss", "accuracy", "validation loss", "validation accuracy", "seconds"];
    return html`
      ${this.#curves()}
      <details>
        <summary>${WHY_ABOVE}</summary>
        <p class="quiet">${ABOVE}</p>
      </details>
      <details
        ?hidden=${epochs.length === 0}
        @toggle=${(/** @type {Event} */ { target }) => (this.open = /** @type {HTMLDetailsElement} */ (target).open)}
      >
        <summary>Epochs as a table</summary>
        <p class="quiet small" ?hidden=${epochs.length <= ROWS}>${lastEpochs(epochs.length, ROWS)}</p>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                ${names.map((name) => html`<th scope="col">${name}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${(this.open ? epochs.slice(-ROWS) : []).map(
                (one) => html`
                  <tr>
                    <th scope="row">${one.epoch}${one.epoch === restored?.epoch ? RESTORED : ""}</th>
                    <td>${one.loss.toFixed(4)}</td>
                    <td>${percent(one.accuracy, 2)}</td>
                    <td>${one.valLoss.toFixed(4)}</td>
                    <td>${percent(one.valAccuracy, 2)}</td>
                    <td>${one.seconds.toFixed(1)}</td>
                  </tr>
                `,
              )}
            </tbody>
          </table>
        </div>
      </details>
    `;
  }
}

customElements.define("convscope-learning-curves", LearningCurves);
