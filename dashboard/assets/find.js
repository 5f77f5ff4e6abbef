// The search on every page: Ctrl-K (⌘K) or the button at the top: names, pages and questions, while one types.
"use strict";

(() => {
  const made = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const keys = mac ? "⌘K" : "Ctrl K";
  const open = made("button", { type: "button", class: "up-find-open", "aria-keyshortcuts": "Control+K Meta+K" },
    made("span", { "aria-hidden": "true" }, "⌕"), made("span", { class: "up-find-words" }, "Find"), made("kbd", {}, keys));
  open.setAttribute("aria-label", "Find a person, team, event, country, space, page or question");
  const input = made("input", {
    type: "search", class: "up-find-text", placeholder: "Person, team, event, country, space, page or question",
    "aria-label": "What are you looking for?", role: "combobox", "aria-expanded": "true", "aria-controls": "up-found",
    "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", maxlength: "200",
  });
  const list = made("div", { id: "up-found", class: "up-found", role: "listbox", "aria-label": "What was found" });
  const said = made("p", { class: "up-find-said", role: "status" });
  const close = made("button", { type: "button", class: "up-find-close", "aria-label": "Close the search" }, "Esc");
  const dialog = made("dialog", { class: "up-find", "aria-label": "Find" },
    made("div", { class: "up-find-head" }, input, close), list, said);
  let asked = 0, answered = 0, chosen = -1, waiting = 0, before = null, entered = false;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const choose = (at) => {
    const all = options();
    chosen = all.length ? (at + all.length) % all.length : -1;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    if (chosen < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  };

  const draw = (groups) => {
    let number = 0;
    list.replaceChildren(...groups.map((group, place) => made("div", { role: "group", "aria-labelledby": `up-of-${place}` },
      made("p", { id: `up-of-${place}`, class: "up-find-group" }, group.title),
      ...group.items.map((item) => made("a", {
        role: "option", id: `up-option-${number++}`, href: item.address, tabindex: "-1", "aria-selected": "false",
      }, made("span", {}, item.name), made("small", {}, item.more))))));
    const text = input.value.trim();
    said.textContent = groups.length ? "" : text ? `Nothing here is called “${text}”. Write fewer letters, or other ones.` : "";
    choose(groups.length ? 0 : -1);
    if (entered && groups.length) go(options()[0], false);
    entered = false;
  };

  const ask = async () => {
    const number = ++asked;
    const role = new URLSearchParams(location.search).get("as") || "";
    const query = new URLSearchParams({ q: input.value, ...(role && { as: role }) });
    try {
      const answer = await fetch(`/find?${query}`, { headers: { "x-uplift": "find" }, cache: "no-store" });
      if (number !== asked) return; // a later letter has its own answer
      if (!answer.ok) throw new Error(String(answer.status));
      const { groups } = await answer.json();
      if (number !== asked) return;
      answered = number;
      draw(groups);
    } catch {
      if (number === asked) said.textContent = "The search does not answer at the moment. Write on to try again.";
    }
  };

  const show = () => {
    if (dialog.open) return;
    before = document.activeElement;
    entered = false;
    dialog.showModal();
    input.select();
    ask();
  };
  const go = (option, elsewhere) => {
    dialog.close();
    if (elsewhere) window.open(option.href, "_blank", "noopener");
    else window.upliftGo(option.href);
  };
  const follow = (event, option) => {
    event.preventDefault();
    if (option) go(option, event.ctrlKey || event.metaKey);
  };

  open.addEventListener("click", show);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => before instanceof HTMLElement && before.isConnected && before.focus());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
    else if (event.target.closest("[role=option]")) follow(event, event.target.closest("[role=option]"));
  });
  // What stands there is of fewer letters until the answer comes: Enter waits for it.
  input.addEventListener("input", () => { asked++; entered = false; clearTimeout(waiting); waiting = setTimeout(ask, 60); });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation(); // Streamlit has keys of its own
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.isComposing && event.target === input) {
      if (answered === asked) follow(event, options()[chosen]);
      else entered = true;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (dialog.open) dialog.close(); else show();
  }, true);
  // Beside the other ways through a page, where there is no room for it in the middle of the header.
  (document.querySelector(".up-bar") ?? document.body).prepend(open);
  document.body.append(dialog);
})();
