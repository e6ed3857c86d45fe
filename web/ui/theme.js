// The few colours and measures that all elements share. They follow the host page's `color-scheme`.

import { css, unsafeCSS } from "lit";
import { PAPER } from "./colour-scales.js";

export const tokens = css`
  :host {
    --paper: light-dark(${unsafeCSS(PAPER.light)}, ${unsafeCSS(PAPER.dark)});
    --ink: light-dark(#15171a, #eceef0);
    --quiet: light-dark(#595e66, #a0a6ae);
    --hairline: light-dark(#d9dce0, #33373d);
    --accent: light-dark(#00705a, #52cdb0);
    --alarm: light-dark(#9c1c28, #ff9a94);
    color: var(--ink);
    font:
      14px/1.45 system-ui,
      -apple-system,
      "Segoe UI",
      Roboto,
      "Helvetica Neue",
      "Liberation Sans",
      sans-serif;
    font-variant-numeric: tabular-nums lining-nums;
    -webkit-text-size-adjust: 100%;
  }
`;

export const base = css`
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  p {
    margin: 0;
    font: inherit;
  }
  canvas {
    display: block;
    image-rendering: pixelated;
  }
  input {
    accent-color: var(--accent);
  }
  button,
  select {
    min-height: 28px;
    padding: 2px 10px;
    border: 1px solid var(--hairline);
    border-radius: 3px;
    background: var(--paper);
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  button:hover:not(:disabled),
  select:hover {
    border-color: var(--quiet);
  }
  button:disabled {
    color: var(--quiet);
    opacity: 0.6;
    cursor: default;
  }
  button.plain {
    padding: 2px 4px;
    border-color: transparent;
    background: none;
  }
  button.plain:hover:not(:disabled) {
    text-decoration: underline;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .quiet {
    color: var(--quiet);
  }
  .small {
    font-size: 12px;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
