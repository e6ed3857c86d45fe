// Labelled form fields for settings: a value that is not valid changes nothing, and says so.

import { css, html } from "lit";
import "./number-field.js";

export const fieldStyles = css`
  form {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 18px;
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 28px;
  }
  input:is([type="number"], [type="text"]) {
    width: 9ch;
    min-height: 28px;
    padding: 2px 6px;
    border: 1px solid var(--hairline);
    border-radius: 3px;
    background: var(--paper);
    color: inherit;
    font: inherit;
  }
  summary {
    min-height: 24px;
    cursor: pointer;
  }
`;

/**
 * @param {object} field
 * @param {string} field.text
 * @param {number} field.value NaN: empty
 * @param {number} [field.min]
 * @param {number} field.max
 * @param {boolean} [field.whole] whether only whole numbers are valid
 * @param {boolean} [field.optional] whether it can be left empty
 * @param {boolean} [field.stepped] whether buttons beside it go one up and one down
 * @param {string} [field.title]
 * @param {(value: number) => void} field.change told NaN for an empty field
 */
export function numberField({
  text,
  value,
  min = 0,
  max,
  whole = false,
  optional = false,
  stepped = false,
  title = "",
  change,
}) {
  return html`<convscope-number-field
    .text=${text}
    .value=${value}
    .min=${min}
    .max=${max}
    .whole=${whole}
    .optional=${optional}
    .stepped=${stepped}
    .hint=${title}
    .change=${change}
  ></convscope-number-field>`;
}

/** @param {{ text: string, checked: boolean, title?: string, change: (checked: boolean) => void }} field */
export function switchField({ text, checked, title = "", change }) {
  const changed = (/** @type {Event} */ { target }) => change(/** @type {HTMLInputElement} */ (target).checked);
  return html`<label title=${title}><input type="checkbox" .checked=${checked} @change=${changed} /> ${text}</label>`;
}

/**
 * @param {{ text: string, value: string, options: { value: string, text: string }[], change: (value: string) => void }}
 * field
 */
export function choiceField({ text, value, options, change }) {
  const changed = (/** @type {Event} */ { target }) => change(/** @type {HTMLSelectElement} */ (target).value);
  return html`<label
    >${text}
    <select @change=${changed}>
      ${options.map((option) => html`<option value=${option.value} ?selected=${option.value === value}>${option.text}</option>`)}
    </select></label
  >`;
}

/** What a field fires stays in its form: the element around it has a `change` of its own. @param {Event} event */
export function withheld(event) {
  event.stopPropagation();
}

/** A form of fields is never sent anywhere. @param {Event} event */
export function unsent(event) {
  event.preventDefault();
}
