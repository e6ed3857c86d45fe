import { LitElement, css, html } from "lit";
import { base } from "../../ui/theme.js";
import { SIDE } from "../../data/image-size.js";

/** Free pixels between two images. */
const GAP = 2;

/** Images of 28×28 side by side, as ink on paper. */
export class ExampleStrip extends LitElement {
  static properties = { images: { attribute: false }, label: { attribute: false }, dark: { attribute: false } };

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
    /** Bytes of [28, 28], 255 for ink. @type {Uint8Array[]} */
    this.images = [];
    this.label = "";
    this.dark = false;
  }

  updated() {
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !this.images.length) return;
    canvas.style.setProperty("--columns", String(this.images.length));
    canvas.width = this.images.length * (SIDE + GAP) - GAP;
    canvas.height = SIDE;
    const ink = this.dark ? 236 : 21;
    for (const [column, bytes] of this.images.entries()) {
      const picture = context.createImageData(SIDE, SIDE);
      bytes.forEach((value, pixel) => picture.data.set([ink, ink, ink, value], 4 * pixel));
      context.putImageData(picture, column * (SIDE + GAP), 0);
    }
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }
}

customElements.define("convscope-example-strip", ExampleStrip);
