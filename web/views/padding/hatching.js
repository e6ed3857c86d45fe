// What no data is in: hatched in drawings as it is in maps.

import { css, svg } from "lit";

/** To be drawn once in each picture that fills something with `url(#hatching)` or `url(#crosses)`. */
export const hatching = svg`<defs>
  <pattern id="hatching" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <path class="hatch" d="M0 0V5" />
  </pattern>
  <pattern id="crosses" width="6" height="6" patternUnits="userSpaceOnUse">
    <path class="cross" d="M1 1 5 5M5 1 1 5" />
  </pattern>
</defs>`;

export const hatchingStyles = css`
  .hatch {
    stroke: var(--quiet);
    stroke-width: 1.5;
  }
  .cross {
    stroke: var(--alarm);
    stroke-width: 0.8;
  }
  .padded {
    fill: url(#hatching);
  }
  .skipped {
    fill: url(#crosses);
  }
  .tinted .skipped {
    fill: color-mix(in srgb, var(--alarm) 24%, transparent);
  }
  .tinted .padded {
    fill: var(--hairline);
  }
`;
