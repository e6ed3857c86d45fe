/**
 * With commas between thousands: without the browser's knowledge of languages, which takes as long to load as a view to
 * open.
 * @param {number} count a whole number
 */
export function counted(count) {
  return String(count)
    .replace("-", "−")
    .replace(/\B(?=(\d{3})+$)/g, ",");
}
