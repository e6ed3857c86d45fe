/**
 * What an output of the model on view stands for.
 * @param {import("../session/session.js").Session | undefined} session
 * @param {number} unit
 */
export function classNameOf(session, unit) {
  return session?.shown?.classes?.[unit] ?? String(unit);
}
