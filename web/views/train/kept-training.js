// What a view says of a training that was interrupted, and of what the browser does not keep.

import { html, nothing } from "lit";
import * as words from "./words.js";

/** @typedef {import("../../training/keeping.js").Keeping} Keeping */
/** @typedef {import("../../training/kept-run.js").KeptRun} KeptRun */
/**
 * @typedef {object} Around
 * @property {string} data what the page learns from now
 * @property {boolean} learns whether the run on view has learnt something
 * @property {(kept: KeptRun) => void} goOn
 * @property {() => void} startAnew
 * @property {() => void} keepAgain
 */

/** @param {Keeping} keeping @param {Around} around */
export const keptTraining = (keeping, around) => html`
  ${interrupted(keeping, around)} ${damaged(keeping)} ${unknown(keeping)} ${unkept(keeping, around)}
`;

/** @param {Keeping} keeping @param {Around} around */
function interrupted({ interrupted: kept }, { data, learns, goOn, startAnew }) {
  if (!kept || !data) return nothing;
  const there = kept.data === data;
  return html`
    <p class="row" role="status" aria-label="Training was interrupted">
      <span>
        ${words.interrupted(kept)} ${there ? "" : words.otherData(kept.data)} ${there && learns ? words.ENDS_OTHER : ""}
      </span>
      <button ?hidden=${!there} @click=${() => goOn(kept)}>Go on</button>
      <button @click=${startAnew}>${learns ? words.DO_WITHOUT : words.START_ANEW}</button>
    </p>
  `;
}

/** What cannot be read is kept until somebody does without it. @param {Keeping} keeping */
function damaged(keeping) {
  if (!keeping.damage) return nothing;
  return html`
    <p class="row problem" role="alert" aria-label=${words.DAMAGED}>
      <span>${words.damaged(keeping.damage)}</span>
      <button @click=${() => keeping.forgetDamaged()}>${words.DISCARD}</button>
      <button @click=${() => keeping.leaveDamaged()}>${words.KEEP}</button>
    </p>
  `;
}

/** @param {Keeping} keeping */
const unknown = ({ unknown }) =>
  unknown ? html`<p class="problem" role="alert">${words.unknown(unknown)}</p>` : nothing;

/** @param {Keeping} keeping @param {Around} around */
function unkept({ unkept }, { keepAgain }) {
  if (!unkept) return nothing;
  return html`
    <p class="row problem" role="alert">
      <span>${words.unkept(unkept)}</span>
      <button @click=${keepAgain}>Try again</button>
    </p>
  `;
}
