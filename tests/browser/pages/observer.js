// Keeps what goes wrong in a page, for the runner to read: errors, what the console calls an error, policy violations.
globalThis.observed = [];
addEventListener(
  "error",
  ({ message, target }) => {
    const source = target instanceof Element && (target.getAttribute("src") ?? target.getAttribute("href"));
    observed.push(source ? `cannot load ${source}` : message);
  },
  true,
);
addEventListener("unhandledrejection", ({ reason }) => observed.push(`unhandled rejection: ${described(reason)}`));
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
  observed.push(`the policy blocked ${blockedURI} ${sample} (${effectiveDirective})`);
});
const consoleError = console.error;
console.error = (...values) => {
  observed.push(values.map(described).join(" "));
  consoleError(...values);
};

// Only some engines repeat the message in the stack.
function described(value) {
  return value instanceof Error ? `${value}\n${value.stack}` : String(value);
}
