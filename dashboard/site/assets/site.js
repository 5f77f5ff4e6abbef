// The map of the static site: the event map's outlines and painter, with what the page brings. Texts are set as text.
"use strict";

(() => {
  const data = window.upliftSite;
  const byId = (id) => document.getElementById(id);
  const box = byId("map"), tip = byId("tip"), legend = byId("legend");
  const layer = byId("layer"), span = byId("span");
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
  if (!data || !window.L || !window.upliftWorld || !window.upliftCountries) return;

  const { World, Painted } = window.upliftWorld;
  const world = new World(window.upliftCountries);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const option = (select, value, label) => select.add(new Option(label, value));
  for (const [name, { title }] of Object.entries(data.layers)) option(layer, name, title);
  for (const element of [box, tip, legend, document.querySelector(".controls")]) element.hidden = false;

  const map = L.map(box, { minZoom: 0, maxZoom: 6, zoomSnap: 0.25, attributionControl: false, worldCopyJump: true, scrollWheelZoom: false });
  const theme = () => (dark.matches ? "dark" : "light");
  let shown = null, texts = new Map();
  const land = new Painted((context, part) => {
    world.paint(context, { ...part, theme: theme(), shades: shown, borders: data.borders });
  }, {});
  map.fitBounds([[-50, -130], [72, 165]], { animate: false });
  land.addTo(map);

  // Countries that the data do not name had none: the first class.
  const complete = (shades) => {
    const known = new Set(shades.code);
    const others = Object.keys(data.names).filter((code) => !known.has(code));
    return { ...shades, code: [...shades.code, ...others], shade: [...shades.shade, ...others.map(() => 0)] };
  };

  const drawLegend = (shades) => {
    legend.replaceChildren(...shades.classes.map((part) => {
      const item = document.createElement("li"), swatch = document.createElement("span");
      swatch.className = part.hatched ? "swatch hatched" : "swatch";
      swatch.style.backgroundColor = part[theme()];
      item.append(swatch, part.label);
      return item;
    }));
  };

  const update = () => {
    const { spans } = data.layers[layer.value];
    const before = span.value;
    span.replaceChildren();
    for (const { name, label } of data.spans) if (spans[name]) option(span, name, label);
    if (spans[before]) span.value = before;
    const shades = spans[span.value];
    shown = complete(shades);
    texts = new Map(shades.code.map((code, index) => [code, shades.text[index]]));
    land.repaint();
    drawLegend(shades);
    tip.textContent = "Choose a country on the map.";
  };

  const tell = ({ latlng }) => {
    const code = world.at(latlng.lng, latlng.lat, 0.004);
    if (!code) return;
    tip.textContent = texts.get(code) || `${data.names[code] || world.names[code] || code}: none`;
  };

  layer.addEventListener("change", update);
  span.addEventListener("change", update);
  dark.addEventListener("change", () => { land.repaint(); drawLegend(shown); });
  map.on("mousemove", tell);
  map.on("click", tell);
  new ResizeObserver(() => map.invalidateSize()).observe(box);
  update();
  document.documentElement.dataset.map = "ready";
})();
