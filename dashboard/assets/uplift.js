// What the page does by itself: copy a link, told to the reader in words, and redraw charts when the theme changes.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button.up-copy") : null;
  if (!button) return;
  const address = location.origin + location.pathname + "?" + (button.dataset.query || "");
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(address);
    button.textContent = "Link copied";
  } catch {
    // Without the clipboard's permission the reader can still copy by hand.
    window.prompt("Copy this link:", address);
  }
  setTimeout(() => { button.textContent = words; }, 2000);
});

// Charts are coloured by the server, which learns of another theme only with the next run: ask for one.
let scheme = "";
let waiting = false;

const lookAtScheme = () => {
  waiting = false;
  const page = document.querySelector(".stApp");
  if (!page) return;
  const now = getComputedStyle(page).colorScheme;
  if (scheme && now !== scheme) document.querySelector(".st-key-redraw button")?.click();
  scheme = now;
};

new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(lookAtScheme);
}).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["class"] });
