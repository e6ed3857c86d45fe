import { css } from "lit";
import { Plane } from "./plane.js";

/** A picture in its own colours, with a window on it that pointer and arrow keys move as on a map. */
export class ColourPicture extends Plane {
  static properties = { ...Plane.properties, planes: { attribute: false } };

  static styles = [
    ...Plane.styles,
    css`
      .frame {
        outline-color: #fff;
        box-shadow:
          0 0 0 3px #000,
          inset 0 0 0 1px #000;
      }
      /* The window's middle, which is where the arrow keys begin. */
      .frame.cell {
        display: none;
      }
    `,
  ];

  constructor() {
    super();
    /** Red, green and blue, 0 to 1. [height × width] @type {Float32Array[]} */
    this.planes = [];
  }

  willUpdate() {
    this.values = this.planes[0];
  }

  updated() {
    super.updated();
    const canvas = /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector("canvas"));
    const picture = new ImageData(this.width, this.height);
    for (let pixel = 0; pixel < this.width * this.height; pixel++) {
      this.planes.forEach((plane, channel) => (picture.data[4 * pixel + channel] = 255 * plane[pixel]));
      picture.data[4 * pixel + 3] = 255;
    }
    canvas.getContext("2d")?.putImageData(picture, 0, 0);
  }
}

customElements.define("convscope-colour-picture", ColourPicture);
