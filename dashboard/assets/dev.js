// For developers, with UPLIFT_DEV: when the server has started again, so does the page.
"use strict";

let gone = false;

setInterval(async () => {
  try {
    await fetch("/healthz", { cache: "no-store" });
    if (gone) location.reload();
  } catch {
    gone = true;
  }
}, 500);
