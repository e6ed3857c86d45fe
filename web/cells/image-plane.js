import { html } from "lit";
import { planesOf } from "../ui/image.js";
import "./colour-picture.js";
import "./plane.js";

/** @typedef {import("./plane.js").Window} Window */
/** @typedef {import("./plane.js").Padding} Padding */

/**
 * An image as a network gets it, or a part of one: ink, or in its own colours.
 *
 * @param {Float32Array} values [height, width, channels], 0 to 1
 * @param {readonly [height: number, width: number, channels: number]} shape
 * @param {{ space: number, label: string, dark: boolean, padding?: Padding, window?: Window }} options
 */
export function imagePlane(values, [height, width, channels], { space, label, dark, padding, window }) {
  const around = padding ?? { top: 0, right: 0, bottom: 0, left: 0 };
  return channels === 3
    ? html`<convscope-colour-picture
        .planes=${planesOf(values, 3)}
        .width=${width}
        .height=${height}
        .padding=${around}
        .window=${window}
        .space=${space}
        .label=${label}
        .dark=${dark}
      ></convscope-colour-picture>`
    : html`<convscope-plane
        .values=${values}
        .width=${width}
        .height=${height}
        .meaning=${"ink"}
        .padding=${around}
        .window=${window}
        .space=${space}
        .label=${label}
        .dark=${dark}
      ></convscope-plane>`;
}
