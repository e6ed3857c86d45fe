// Tables of numbers.

import { css } from "lit";

export const tableStyles = css`
  /* A shadow at an edge behind which there is more: what covers it scrolls away with the table. */
  .scroll {
    --shadow: color-mix(in srgb, var(--ink) 25%, transparent);
    overflow-x: auto;
    background:
      linear-gradient(to right, var(--paper) 40%, transparent) 0 / 36px,
      linear-gradient(to left, var(--paper) 40%, transparent) 100% / 36px,
      linear-gradient(to right, var(--shadow), transparent) 0 / 12px,
      linear-gradient(to left, var(--shadow), transparent) 100% / 12px;
    background-repeat: no-repeat;
    background-attachment: local, local, scroll, scroll;
  }
  table {
    border-collapse: collapse;
  }
  th,
  td {
    padding: 3px 14px 3px 0;
    text-align: right;
    font-weight: 400;
    white-space: nowrap;
  }
  th:first-child,
  td:first-child {
    text-align: left;
  }
`;
