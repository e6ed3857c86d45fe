// One view in a frame; the address says which.

import "./convscope.js";
import { keepInAddress } from "./address.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

const scope = /** @type {ConvScope} */ (document.querySelector("conv-scope"));

/** The page behind the element follows its theme. */
function followTheme() {
  document.documentElement.dataset["theme"] = scope.theme ?? "";
}

keepInAddress(scope);
followTheme();
new MutationObserver(followTheme).observe(scope, { attributeFilter: ["theme"] });
