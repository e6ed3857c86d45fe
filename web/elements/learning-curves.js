import { css, html } from "lit";
import { RunElement } from "./run-element.js";
import { base } from "./theme.js";
import "./curves.js";

/** Loss and accuracy of a run, in training step by step and in validation epoch by epoch, and its epochs as a table. */
export class LearningCurves extends RunElement {
  static styles = [
    base,
    css`
      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr));
        align-items: start;
        gap: 16px 28px;
      }
      .scroll {
        overflow-x: auto;
      }
      summary {
        min-height: 24px;
        cursor: pointer;
      }
      table {
        border-collapse: collapse;
      }
      th,
      td {
        padding: 2px 10px 2px 0;
        text-align: right;
        font-weight: 400;
      }
    `,
  ];

  #curves() {
    const { run, dark } = this;
    const { steps = [], loss = [], accuracy = [] } = run?.curve ?? {};
    const epochs = run?.epochs ?? [];
    const x = epochs.map(({ step }) => step);
    /** @param {number[]} trained @param {number[]} validated */
    const lines = (trained, validated) => [
      { label: "training", dashed: false, x: [...steps], y: [...trained] },
      { label: "validation", dashed: true, x, y: validated },
    ];
    return html`
      <div class="curves">
        <convscope-curves .caption=${"Loss"} .dark=${dark} .lines=${lines(loss, epochs.map(({ valLoss }) => valLoss))}></convscope-curves>
        <convscope-curves
          .caption=${"Accuracy"}
          .percent=${true}
          .dark=${dark}
          .lines=${lines(accuracy, epochs.map(({ valAccuracy }) => valAccuracy))}
        ></convscope-curves>
      </div>
    `;
  }

  render() {
    const epochs = this.run?.epochs ?? [];
    const names = ["epoch", "loss", "accuracy", "validation loss", "validation accuracy", "seconds"];
    return html`
      ${this.#curves()}
      <details ?hidden=${epochs.length === 0}>
        <summary>Epochs as a table</summary>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                ${names.map((name) => html`<th scope="col">${name}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${epochs.map(
                (one) => html`
                  <tr>
                    <th scope="row">${one.epoch}</th>
                    <td>${one.loss.toFixed(4)}</td>
                    <td>${(100 * one.accuracy).toFixed(2)} %</td>
                    <td>${one.valLoss.toFixed(4)}</td>
                    <td>${(100 * one.valAccuracy).toFixed(2)} %</td>
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
