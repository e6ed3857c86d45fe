// Values as Python writes them.

/** @param {unknown} value plain JSON @returns {string} lists as tuples */
export function literal(value) {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return written(value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `(${value.map(literal).join(", ")}${value.length === 1 ? "," : ""})`;
  const entries = Object.entries(/** @type {object} */ (value)).map(
    ([name, inside]) => `${quoted(name)}: ${literal(inside)}`,
  );
  return `{${entries.join(", ")}}`;
}

/** The shortest decimal that float32 holds as this number: 0.0010000000474974513 was 0.001. @param {number} value */
function written(value) {
  if (Number.isInteger(value) || Math.fround(value) !== value) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** @param {string} text */
function quoted(text) {
  // JSON's escapes are Python's, but for characters beyond sixteen bits, which stand as they are.
  return JSON.stringify(text);
}

/** A name that Python takes for a variable. @param {string} name */
export function identifier(name) {
  const plain = name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d|$)/, "_");
  return RESERVED.has(plain) ? `${plain}_` : plain;
}
const RESERVED = new Set("False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield keras layers inputs model torch nn self x".split(" ")); // prettier-ignore

/** Names for variables, each only once. @param {string[]} taken @returns {(name: string) => string} */
export function identifiers(taken = []) {
  const used = new Set(taken);
  return (name) => {
    const base = identifier(name);
    let found = base;
    for (let number = 1; used.has(found); number++) found = `${base}_${number}`;
    used.add(found);
    return found;
  };
}
