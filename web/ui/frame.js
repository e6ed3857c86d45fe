// The frame around a window on a map.

import { css } from "lit";

export const frameStyles = css`
  .frame {
    position: absolute;
    outline: 2px solid var(--frame, var(--accent));
    pointer-events: none;
    transition:
      left 120ms,
      top 120ms;
  }
  @media (prefers-reduced-motion: reduce) {
    .frame {
      transition: none;
    }
  }
`;
