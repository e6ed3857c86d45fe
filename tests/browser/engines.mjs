// Where a test runs that does not run in every engine.

/**
 * What the page's own code decides, the same wherever it runs: in the other engines one test of each view says that it
 * works there, and the engine's and the page's own tests that what it stands on does.
 */
export const OWN_CODE = ["chromium"];
