// The rows of grids as tables of HTML: all of them on paper, a card a row on a phone (dashboard/parts/paper.py).
"use strict";

(() => {
  const PHONE = matchMedia("(max-width: 640px)");
  const CARDS = 3, LINES = 8, SIDE_BY_SIDE = 3, ON_A_CARD = 6;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  const written = (value, column) => {
    if (value === null || value === undefined || value === "") return "–";
    const digits = column.decimals > 0 ? { minimumFractionDigits: column.decimals, maximumFractionDigits: column.decimals } : {};
    switch (column.kind) {
      case "number": return value.toLocaleString(undefined, digits);
      case "change": return value.toLocaleString(undefined, { ...digits, signDisplay: "always" });
      case "share": return value.toLocaleString(undefined, { style: "percent", maximumFractionDigits: 2 });
      case "flag": return value ? "yes" : "no";
      case "day": {
        const [year, month, day] = String(value).slice(0, 10).split("-").map(Number);
        return MONTHS[month - 1] ? `${day} ${MONTHS[month - 1]} ${year}` : String(value);
      }
      // A name that leads on stands before its address.
      default: return String(value).split(" ⇢ ")[0];
    }
  };

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // Made at most once of what is there; Streamlit writes a new element where the rows are others.
  const make = (place) => {
    if (place.firstElementChild) return;
    const { alt, columns, cells } = JSON.parse(place.dataset.table);
    const table = element("table", "", { "aria-label": alt });
    const figure = (column) => (["number", "change", "share"].includes(column.kind) ? { class: "up-figure" } : {});
    table.dataset.columns = columns.length > 10 ? "many" : columns.length > 7 ? "some" : "few";
    const isEach = columns.length > SIDE_BY_SIDE;
    if (isEach) table.className = "up-each";
    const head = table.createTHead().insertRow();
    for (const column of columns) head.append(element("th", column.title, { scope: "col", ...figure(column) }));
    const body = table.createTBody();
    for (let row = 0; row < (cells[0] || []).length; row += 1) {
      const line = body.insertRow();
      columns.forEach((column, at) => {
        const cell = element(at ? "td" : "th", written(cells[at][row], column), { ...figure(column), "data-label": column.title });
        if (column.kind === "day") cell.classList.add("up-day");
        if (cell.textContent === "–") cell.classList.add("up-nil");
        if (!at) cell.setAttribute("scope", "row");
        line.append(cell);
      });
    }
    place.append(table);
    if (body.rows.length <= (isEach ? CARDS : LINES) && columns.length <= ON_A_CARD) return;
    place.classList.add("up-first");
    const rows = body.rows.length;
    const says = rows > 1 ? `Show all ${rows.toLocaleString()}` : "Show all of it";
    const all = element("button", says, { type: "button", class: "up-copy" });
    all.addEventListener("click", () => place.classList.remove("up-first"));
    place.append(all);
  };

  const onPhones = () => {
    if (PHONE.matches) document.querySelectorAll(".up-cards").forEach(make);
  };
  new MutationObserver(onPhones).observe(document.body, { subtree: true, childList: true });
  PHONE.addEventListener("change", onPhones);
  onPhones();

  // A chart has the width of the window it was drawn for: on paper it is drawn as large as there is room.
  const resized = [];
  addEventListener("beforeprint", () => {
    document.querySelectorAll(".up-paper").forEach(make);
    for (const chart of document.querySelectorAll(".stPlotlyChart .svg-container")) {
      const { offsetWidth: width, offsetHeight: height } = chart;
      if (!width || !height) continue;
      resized.push([chart, chart.getAttribute("style")]);
      chart.setAttribute("style", `width: 100%; aspect-ratio: ${width} / ${height}; position: relative`);
      for (const drawing of chart.querySelectorAll("svg.main-svg")) drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    }
  });
  addEventListener("afterprint", () => {
    for (const [chart, style] of resized.splice(0)) {
      chart.setAttribute("style", style || "");
      chart.querySelectorAll("svg.main-svg").forEach((drawing) => drawing.removeAttribute("viewBox"));
    }
  });
})();
