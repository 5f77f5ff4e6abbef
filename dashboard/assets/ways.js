// Ways through a page, in the header's free room: an index of a long page, and on a phone the filters as a sheet that closes.
"use strict";

(() => {
  const FEWEST = 4, WINDOWS = 2.5, FILTERS = '.stSidebar :is([class*="st-key-filter_"], .st-key-period)';
  const made = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });
  const push = (className, text, act) => {
    const button = made("button", className, text);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  };
  const pressed = (selector) => document.querySelector(selector)?.click();

  const filters = push("up-filters", "Filters", () => {
    pressed('[data-testid="stExpandSidebarButton"]');
    setTimeout(() => {
      const sheet = document.querySelector('[data-testid="stSidebarContent"]'), first = document.querySelector(FILTERS);
      if (sheet && first) sheet.scrollTop += first.getBoundingClientRect().top - sheet.getBoundingClientRect().top - 16;
    }, 350);
  });
  const done = push("up-done", "Show the page", () => pressed('[data-testid="stSidebarCollapseButton"] button'));
  // On a phone the sidebar lies over the page that was just chosen in it: it closes as soon as the link was followed.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('[data-testid="stSidebarNavLink"]') || !matchMedia("(max-width: 768px)").matches) return;
    setTimeout(() => pressed('.stSidebar[data-collapsed="false"] [data-testid="stSidebarCollapseButton"] button'), 50);
  });
  const index = made("nav", "up-index", "");
  index.setAttribute("aria-label", "On this page");
  const list = made("ul", "", "");
  const open = (isOpen) => {
    list.hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
  };
  const toggle = push("", "On this page", () => open(list.hidden));
  index.append(toggle, list);
  const bar = made("div", "up-bar", "");
  bar.append(filters, index);
  document.body.append(bar, done);
  open(false);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    open(false);
    toggle.focus();
  });
  document.addEventListener("click", (event) => { if (!index.contains(event.target)) open(false); });

  let listed = "", waiting = false;
  const look = () => {
    waiting = false;
    const page = document.querySelector(".stMainBlockContainer");
    const heads = [...document.querySelectorAll(".stMain .stHeading h2")].filter((head) => head.checkVisibility());
    const isLong = heads.length >= FEWEST && page.scrollHeight > innerHeight * WINDOWS;
    index.hidden = !isLong;
    filters.hidden = !document.querySelector(FILTERS);
    done.hidden = document.querySelector(".stSidebar")?.dataset.collapsed !== "false";
    bar.hidden = !done.hidden && matchMedia("(max-width: 640px)").matches;
    const names = heads.map((head) => head.innerText.trim());
    if (!isLong || names.join("\n") === listed) return;
    listed = names.join("\n");
    list.replaceChildren(...names.map((name, at) => {
      const item = document.createElement("li");
      item.append(push("", name, () => {
        open(false);
        // Found anew: a run of the page may have written it again.
        const now = [...document.querySelectorAll(".stMain .stHeading h2")].filter((head) => head.checkVisibility());
        now[at]?.scrollIntoView({ block: "start" });
      }));
      return item;
    }));
  };
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    setTimeout(look, 300);
  }).observe(document.getElementById("root"), { subtree: true, childList: true, attributes: true, attributeFilter: ["data-collapsed"] });
})();
