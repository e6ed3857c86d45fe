// What a view says stands in its words.js, where it can be read in one piece; its other files hold no sentences.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";

const web = new URL("../../web/", import.meta.url);
const { Linter } = createRequire(new URL("package.json", web))("eslint");

/** `claims.js` is no part of the page: `cargo xtask experiments` prints it. */
const WORDS = /\/(words|claims)\.js$/;

/** Five words one after the other, which may have signs behind them. */
const SENTENCE = /(?:\p{L}[\p{L}’'-]*[,;:.?!]?\s+){4}\p{L}+/u;
const selectors = [
  `Literal[value=${SENTENCE}]`,
  // Not in style sheets, which are templates too.
  `:not(TaggedTemplateExpression[tag.name="css"]) > TemplateLiteral > TemplateElement[value.raw=${SENTENCE}]`,
];
const rules = {
  "no-restricted-syntax": ["error", ...selectors.map((selector) => ({ selector, message: "a sentence" }))],
};

/** The sentences of a module, from the lines on which they begin. */
function sentencesOf(text) {
  const lines = text.split("\n");
  return new Linter().verify(text, [{ rules }]).map(({ line, endLine }) => {
    const [words] = SENTENCE.exec(lines.slice(line - 1, endLine).join(" ")) ?? [""];
    return `${line}: ${words} …`;
  });
}

test("sentences in strings and templates are found, and neither comments, code, styles nor markup taken for them", () => {
  const found = (text) => sentencesOf(text).length;
  assert.equal(found('const a = "Draw a digit, then look.";'), 1);
  assert.equal(found("const a = html`<p>Nothing is drawn here yet.</p>`;"), 1);
  assert.equal(found("const a = `${count} of all digits are read right`;"), 1);
  assert.equal(found("const a = css`p { margin: auto auto auto auto; grid-template: a b c d e f }`;"), 0);
  assert.equal(
    found('/** A comment may well be a sentence. */ class A extends B {} const a = "Use in your notes";'),
    0,
  );
  assert.equal(found('const a = html`<input class="a" type="range" min="0" max="1" ?hidden=${b} />`;'), 0);
});

test("sentences of a view stand in its words.js", async () => {
  const files = (await readdir(new URL("views/", web), { recursive: true })).map((file) => file.replaceAll("\\", "/"));
  const modules = files.filter((file) => file.endsWith(".js") && !WORDS.test(file));
  const found = await Promise.all(
    modules.map(async (file) => {
      const sentences = sentencesOf(await readFile(new URL(`views/${file}`, web), "utf8"));
      return sentences.map((sentence) => `${file}:${sentence}`);
    }),
  );
  assert.deepEqual(found.flat(), []);
});
