import { RACE_EVENTS } from "../training/race.js";
import { Following } from "../ui/following.js";

/** How often a race is followed while it moves, in milliseconds. */
const SHOWN_EVERY = 150;

/**
 * Draws an element again when a race tells of something, not more often than the eye can follow.
 * @param {import("lit").LitElement} host
 * @param {() => import("../training/race.js").Race | undefined} race
 */
export function followRace(host, race) {
  let shownAt = -Infinity;
  return new Following(host, RACE_EVENTS, race, ({ type }) => {
    if (type === "progress" && performance.now() - shownAt < SHOWN_EVERY) return;
    shownAt = performance.now();
    host.requestUpdate();
  });
}
