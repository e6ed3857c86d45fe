import { LitElement, css, html } from "lit";
import { base } from "../../ui/theme.js";
import { coloured } from "../../ui/image.js";
import { SIDE } from "../../data/image-size.js";

/** Free pixels between two images. */
const GAP = 2;

/** Images side by side: ink on paper, or in their own colours. */
export class ExampleStrip extends LitElement {
  static properties = {
    images: { attribute: false },
    shape: { attribute: false },
    label: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      canvas {
        width: 100%;
        max-width: calc(var(--columns) * 42px);
      }
    `,
  ];

  constructor() {
    super();
    /** Bytes of the shape, 255 for ink. @type {Uint8Array[]} */
    this.images = [];
    /** @type {import("../../convscope.js").ImageShape} */
    this.shape = [SIDE, SIDE, 1];
    this.label = "";
    this.dark = false;
  }

  updated() {
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !this.images.length) return;
    canvas.style.setProperty("--columns", String(this.images.length));
    const [height, width, channels] = this.shape;
    canvas.width = this.images.length * (width + GAP) - GAP;
    canvas.height = height;
    const ink = this.dark ? 236 : 21;
    const inked = (/** @type {Uint8Array} */ bytes) => {
      const picture = new ImageData(width, height);
      picture.data.fill(ink);
      bytes.forEach((value, pixel) => (picture.data[4 * pixel + 3] = value));
      return picture;
    };
    for (const [column, bytes] of this.images.entries()) {
      const picture = channels === 3 ? coloured(bytes, this.shape, 255) : inked(bytes);
      context.putImageData(picture, column * (width + GAP), 0);
    }
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }
}

customElements.define("convscope-example-strip", ExampleStrip);
