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

// A first load is shown once, whole: parts that arrive one by one would push what is read already. The style sheet waits
// for the class, and not for ever.
const shown = document.documentElement.classList;
const whole = () =>
  document.querySelector("[role=dialog], .stException") ||
  (document.querySelector(".stApp[data-test-script-state=notRunning] .stMainBlockContainer .stElementContainer") &&
    !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stAppSkeleton"]') &&
    [...document.querySelectorAll(".stPlotlyChart")].every((chart) => chart.querySelector(".main-svg")));
const showWhole = () => {
  if (shown.contains("up-whole")) return;
  if (whole()) document.fonts.ready.then(() => requestAnimationFrame(() => shown.add("up-whole")));
  setTimeout(showWhole, 50);
};
showWhole();

// Charts are coloured by the server, which learns of another theme only with the next run: ask for one.
let scheme = "";
let waiting = false;

const lookAtScheme = () => {
  waiting = false;
  const page = document.querySelector(".stApp");
  if (!page) return;
  const now = getComputedStyle(page).colorScheme;
  if (scheme && now !== scheme) document.querySelector(".st-key-redraw button")?.click();
  if (now !== scheme) document.body.style.colorScheme = now; // for what stands beside Streamlit's own page: the search
  scheme = now;
};

new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(lookAtScheme);
}).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["class"] });

// Names lead on within the page, as the navigation does: Streamlit opens what the address says when it changes, and the
// way back leads to the same view. Anything else that a key is held for opens as the browser opens it.
window.upliftGo = (address) => {
  history.pushState({}, "", address);
  window.dispatchEvent(new PopStateEvent("popstate"));
  document.querySelector(".stMain")?.scrollTo(0, 0);
};

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a.up-named") : null;
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  window.upliftGo(link.href);
});

// A name in a table: what the grid would open is the name, then this mark, then the address of its page.
const LEADS_TO = " ⇢ ";
const openAnother = window.open.bind(window);
window.open = (address, ...rest) => {
  const [, own] = String(address ?? "").match(new RegExp(`^.*${LEADS_TO}(/[a-z]+\\?.*)$`, "s")) || [];
  if (!own) return openAnother(address, ...rest);
  window.upliftGo(own);
  return null;
};
