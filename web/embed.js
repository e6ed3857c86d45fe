// One view in a frame; the address says which.

import "./convscope.js";
import { keepInAddress } from "./address.js";
import { FIRST_VIEW, viewNamed } from "./views.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

const scope = /** @type {ConvScope} */ (document.querySelector("conv-scope"));

/** The page behind the element follows its theme. */
function followTheme() {
  document.documentElement.dataset["theme"] = scope.theme ?? "";
}

/** What a screen reader and a list of tabs say of the frame. */
function sayView() {
  const { title } = viewNamed(scope.view) ?? FIRST_VIEW;
  document.title = `${title} · convscope`;
  const heading = document.querySelector("h1");
  if (heading) heading.textContent = title;
}

keepInAddress(scope);
sayView();
scope.addEventListener("convscope-change", sayView);
followTheme();
new MutationObserver(followTheme).observe(scope, { attributeFilter: ["theme"] });
