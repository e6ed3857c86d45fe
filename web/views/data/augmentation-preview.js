import { LitElement, css, html } from "lit";
import { pageEngine } from "../../session/page-engine.js";
import { base } from "../../ui/theme.js";
import "./example-strip.js";

/**
 * @typedef {object} Change of an image
 * @property {"shift" | "rotation" | "scale" | "shear" | "elastic"} name
 * @property {string} title with its unit
 * @property {number} most
 * @property {number} step
 */

/** @type {Change[]} */
const CHANGES = [
  { name: "shift", title: "Shift, pixels", most: 4, step: 0.5 },
  { name: "rotation", title: "Rotate, radians", most: 0.6, step: 0.05 },
  { name: "scale", title: "Scale, part", most: 0.4, step: 0.05 },
  { name: "shear", title: "Shear", most: 0.6, step: 0.05 },
  { name: "elastic", title: "Elastic, pixels", most: 2, step: 0.1 },
];
const COPIES = 9;

/** One image beside copies of it that were moved and bent, as augmentation does before each epoch. */
export class AugmentationPreview extends LitElement {
  static properties = {
    image: { attribute: false },
    dark: { attribute: false },
    augmentation: { state: true },
    copies: { state: true },
  };

  static styles = [
    base,
    css`
      .sliders {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
        gap: 4px 20px;
        margin-bottom: 8px;
      }
      label {
        display: grid;
        grid-template-columns: 1fr auto;
      }
      input {
        grid-column: 1 / -1;
        width: 100%;
        min-height: 24px;
        margin: 0;
      }
    `,
  ];

  /** Counts what was asked for: an older answer is dropped. */
  #asked = 0;

  constructor() {
    super();
    /** Bytes of [28, 28]. @type {Uint8Array | undefined} */
    this.image = undefined;
    this.dark = false;
    this.augmentation = { shift: 2, rotation: 0.2, scale: 0.1, shear: 0.2, elastic: 0.6 };
    /** @type {Uint8Array[]} */
    this.copies = [];
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    if (changes.has("image") || changes.has("augmentation")) void this.#augment();
  }

  async #augment() {
    const { image, augmentation } = this;
    const asked = ++this.#asked;
    if (!image) return;
    const engine = await pageEngine();
    const pixels = Float32Array.from(image, (value) => value / 255);
    const copies = await Promise.all(
      Array.from({ length: COPIES }, (_, seed) => engine.augment(pixels, augmentation, { seed })),
    );
    if (asked !== this.#asked) return;
    this.copies = copies.map((copy) => Uint8Array.from(copy, (value) => Math.round(255 * value)));
  }

  /** @param {Change["name"]} name @returns {(event: Event) => void} */
  #set(name) {
    return ({ target }) => {
      this.augmentation = { ...this.augmentation, [name]: /** @type {HTMLInputElement} */ (target).valueAsNumber };
    };
  }

  render() {
    if (!this.image) return;
    return html`
      <div class="sliders">
        ${CHANGES.map(
          ({ name, title, most, step }) => html`
            <label
              >${title}<output>${this.augmentation[name]}</output>
              <input
                type="range"
                min="0"
                max=${most}
                step=${step}
                .value=${String(this.augmentation[name])}
                @input=${this.#set(name)}
              />
            </label>
          `,
        )}
      </div>
      <convscope-example-strip
        .images=${[this.image, ...this.copies]}
        .label=${"The original, then copies of it, moved and bent"}
        .dark=${this.dark}
      ></convscope-example-strip>
    `;
  }
}

customElements.define("convscope-augmentation-preview", AugmentationPreview);
