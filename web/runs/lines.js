import { css } from "lit";

/**
 * Lines that are compared, and their swatches, of the classes `line-0` to `line-5`: colours that differ for everyone
 * (Okabe and Ito), and dashes.
 */
export const lineStyles = css`
  .line-0 {
    --line: light-dark(#15171a, #eceef0);
  }
  .line-1 {
    --line: light-dark(#0072b2, #56b4e9);
    --dash: 7 3;
  }
  .line-2 {
    --line: light-dark(#b34d00, #ff9d4d);
    --dash: 2 3;
  }
  .line-3 {
    --line: light-dark(#00795a, #2fc79f);
    --dash: 10 3 2 3;
  }
  .line-4 {
    --line: light-dark(#a3437a, #e59bc4);
    --dash: 4 2;
  }
  .line-5 {
    --line: light-dark(#7a6a00, #f0e442);
    --dash: 14 3;
  }
  .line {
    fill: none;
    stroke: var(--line);
    stroke-width: 2;
    stroke-dasharray: var(--dash, none);
    stroke-linejoin: round;
    vector-effect: non-scaling-stroke;
  }
  .swatch {
    display: inline-block;
    width: 26px;
    height: 8px;
    vertical-align: middle;
  }
`;
