// What the page does by itself: copy a link, save a chart, and redraw charts when the theme changes.
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
const reveal = () => {
  shown.add("up-whole");
  // What the address names is where it will stay only now.
  const named = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named) named.scrollIntoView({ block: "start" });
};
const showWhole = () => {
  if (shown.contains("up-whole")) return;
  if (whole()) document.fonts.ready.then(() => requestAnimationFrame(reveal));
  setTimeout(showWhole, 50);
};
showWhole();

// A click anywhere on a row of a table that opens rows is one on the row's box, and so are Enter and Space: the grid's own
// key is Shift and Space. What a row opens is scrolled to where it can be seen.
const OPENS = '[class*="st-key-opens_"] [data-testid="stDataFrame"]';
const HEAD = 36, BOX = 40, LONGEST = 6000;

const follow = (before, since) => {
  const marks = [...document.querySelectorAll(".up-opened")];
  const waited = performance.now() - since;
  const still = document.querySelector(".stApp[data-test-script-state=notRunning]");
  const mark = marks.find((each) => !before.has(each.dataset.what)) || (waited > 1000 && still ? marks[0] : null);
  if (mark) mark.scrollIntoView({ block: "start" });
  else if (waited < LONGEST) setTimeout(() => follow(before, since), 100);
};
const opening = () => follow(new Set([...document.querySelectorAll(".up-opened")].map((mark) => mark.dataset.what)), performance.now());

document.addEventListener("click", (event) => {
  const canvas = event.isTrusted && event.target instanceof Element ? event.target.closest(OPENS)?.querySelector("canvas") : null;
  const box = canvas?.getBoundingClientRect();
  // The heading sorts.
  // A name that leads on is a link of its own: over it the grid shows a hand.
  if (!box || event.clientY - box.top < HEAD || event.target.style.cursor === "pointer" || canvas.style.cursor === "pointer") return;
  opening();
  if (event.clientX - box.left < BOX) return;
  const at = { bubbles: true, cancelable: true, clientX: box.left + BOX / 2, clientY: event.clientY, pointerType: "mouse", isPrimary: true };
  for (const kind of ["pointermove", "pointerdown", "pointerup"]) canvas.dispatchEvent(new PointerEvent(kind, at));
  for (const kind of ["mousemove", "mousedown", "mouseup", "click"]) canvas.dispatchEvent(new MouseEvent(kind, at));
});

document.addEventListener("keydown", (event) => {
  const alone = !(event.shiftKey || event.ctrlKey || event.altKey || event.metaKey);
  if (!event.isTrusted || !alone || !(event.key === "Enter" || event.key === " ")) return;
  const cell = document.activeElement;
  if (!cell?.closest(OPENS) || !/^glide-cell-/.test(cell.id)) return;
  event.preventDefault();
  event.stopPropagation();
  opening();
  const key = { key: " ", code: "Space", keyCode: 32, shiftKey: true, bubbles: true, cancelable: true };
  cell.dispatchEvent(new KeyboardEvent("keydown", key));
}, true);

// A chart as a file: what it shows above it, where it is from below it. Plotly draws it; nothing leaves the browser.
const SVG = "http://www.w3.org/2000/svg";
// One that every program has: in a file there is no font of ours, and another one would take more room than was measured.
const FONT = "Arial, Helvetica, sans-serif";

const wrapped = (text, size, weight, width) => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${size}px ${FONT}`;
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (pen.measureText(longer).width > width && lines[lines.length - 1]) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
};

const drawing = async (plot, title, source) => {
  const { width, height } = plot.getBoundingClientRect();
  const layout = { ...plot.layout, font: { ...plot.layout.font, family: FONT } };
  const figure = { data: plot.data, layout, config: { staticPlot: true } };
  const drawn = await window.Plotly.toImage(figure, { format: "svg", width, height, imageDataOnly: true });
  const page = getComputedStyle(document.querySelector(".stApp"));
  const colour = getComputedStyle(plot.ownerDocument.querySelector(".up-picture") || document.body).color;
  const heads = wrapped(title, 16, 600, width - 24);
  const feet = wrapped(source, 11, 400, width - 24);
  const top = 16 + heads.length * 21, whole = top + height + 14 + feet.length * 15;
  const root = document.createElementNS(SVG, "svg");
  const add = (name, attributes, text = "") => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.textContent = text;
    root.append(node);
    return node;
  };
  for (const [key, value] of Object.entries({ width, height: whole, viewBox: `0 0 ${width} ${whole}`, role: "img" })) {
    root.setAttribute(key, value);
  }
  add("title", {}, title);
  add("desc", {}, source);
  add("rect", { width, height: whole, fill: page.backgroundColor });
  const write = (lines, y, size, weight, step, opacity) => lines.forEach((line, number) => add("text", {
    x: 12, y: y + number * step, "font-family": FONT, "font-size": size, "font-weight": weight, fill: colour,
    "fill-opacity": opacity,
  }, line));
  write(heads, 25, 16, 600, 21, 1);
  const inner = new DOMParser().parseFromString(drawn, "image/svg+xml").documentElement;
  inner.setAttribute("y", top);
  root.append(document.importNode(inner, true));
  write(feet, top + height + 14, 11, 400, 15, 0.8);
  return { text: new XMLSerializer().serializeToString(root), width, height: whole };
};

const painted = async ({ text, width, height }) => {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
};

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button.up-save") : null;
  if (!button) return;
  const { chart, format, title, source, text } = button.dataset;
  let file;
  if (format === "csv") file = new Blob(["\ufeff", text], { type: "text/csv" });
  else {
    const plot = document.querySelector(`.st-key-${CSS.escape(chart)} .js-plotly-plot`);
    if (!plot || !window.Plotly) return;
    const made = await drawing(plot, title, source);
    file = format === "png" ? await painted(made) : new Blob([made.text], { type: "image/svg+xml" });
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${chart}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
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
  if (now !== scheme) document.body.style.colorScheme = now; // for what stands beside Streamlit's own page: the search
  scheme = now;
  document.documentElement.dataset.scheme = now;
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
