// Tables of numbers.

import { css } from "lit";

export const tableStyles = css`
  .scroll {
    overflow-x: auto;
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
