/**
 * Copies a text.
 * @param {string} text
 * @param {string} what it is
 * @returns {Promise<string>} what to say of it
 */
export async function copied(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    return `${what} copied.`;
  } catch {
    return `The browser keeps the clipboard from this page. ${what}: ${text}`;
  }
}
