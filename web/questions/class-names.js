/**
 * What an output of the model on view stands for.
 * @param {import("../session/session.js").Session | undefined} session
 * @param {number} unit
 */
export function classNameOf(session, unit) {
  return session?.shown?.classes?.[unit] ?? String(unit);
}

/** A probability in a text. @param {number} value */
export function percent(value) {
  return `${(100 * value).toFixed(1)} %`;
}
