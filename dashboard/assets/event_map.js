// The event map: folium makes the empty Leaflet map, this draws what the page asks for. Texts are set as text, always.
"use strict";

(() => {
  const { World, Painted, COLOURS, paintCircles, toU, toV } = window.upliftWorld;
  const LAYERS = {
    events: { title: "Events by place", noun: ["event", "events"] },
    planned: { title: "Planned events", noun: ["planned event", "planned events"] },
    members: { title: "Where members live", noun: ["member", "members"] },
    rate: { title: "Events per million inhabitants" },
    gap: { title: "Events held, against a share by inhabitants" },
    change: { title: "Change against the period before" },
    reach: { title: "Within 100 km of an event" },
    languages: { title: "Inhabitants who know a language offered there", hint: "Choose a country for its languages." },
    held: { title: "Events held", hint: "Point at a country for its number." },
    held_rate: { title: "Events per million inhabitants", hint: "Point at a country for its number." },
    reached: { title: "Inhabitants who know a language offered", hint: "Point at a country for its share." },
    diversity: { title: "What people say about themselves, by region", hint: "Choose a country for its region." },
    languages_online: { title: "Inhabitants who know a language offered there or online", hint: "Choose a country for its languages." },
  };
  const PLAY_MS = 1100;
  const make = (tag, className, text, parent) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    parent?.append(element);
    return element;
  };

  class EventMap {
    constructor(map) {
      this.map = map;
      this.settings = {};
      this.picks = 0;
      this.step = 0;
      this.unit = "quarter";
      this.answers = new Map();
      const container = map.getContainer();
      container.classList.add("up-map");
      // Leaflet takes the focus with the first press; were the page to scroll for it, the press would miss its aim.
      container.focus = () => HTMLElement.prototype.focus.call(container, { preventScroll: true });
      container.setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom; Tab goes through the circles.");
      this.land = new Painted((context, part) => this.paintLand(context, part), { zIndex: 1 }).addTo(map);
      this.circles = new Painted((context, part) => this.paintReach(context, part), { zIndex: 2, opacity: 0.45 });
      this.cells = new window.upliftCells((address, signal) => this.ask(address, signal), (cell) => this.pickCell(cell), (text, cell) => this.tip(text, cell)).addTo(map);
      this.legend = make("div", "up-legend");
      const holder = L.control({ position: "bottomleft" });
      holder.onAdd = () => { L.DomEvent.disableClickPropagation(this.legend); return this.legend; };
      holder.addTo(map);
      this.tipBox = make("div", "up-tip", "", map.getContainer());
      this.status = make("div", "up-status", "", map.getContainer());
      this.status.setAttribute("role", "status");
      this.makeBar();
      map.invalidateSize();
      map.on("mousemove", (event) => this.hover(event));
      map.on("mouseout", () => this.tip(""));
      map.on("click", (event) => this.pickCountry(event));
      map.on("zoomend", () => this.countOutline());
      new ResizeObserver(() => { map.invalidateSize(); this.open(); }).observe(map.getContainer());
    }

    // Brings all that the map holds into view, for as long as the reader has not moved it.
    open() {
      const { view } = this.settings;
      if (!view || !this.map.getSize().x) return;
      const { opened } = this;
      if (opened && (this.map.getZoom() !== opened.zoom || this.map.project(this.map.getCenter()).distanceTo(this.map.project(opened.at)) > 4)) return;
      this.map.fitBounds(view, { animate: false, maxZoom: 7, paddingTopLeft: [24, 24], paddingBottomRight: [24, 60] });
      this.opened = { zoom: this.map.getZoom(), at: this.map.getCenter() };
    }

    async update(settings) {
      const before = this.settings;
      this.settings = settings;
      if (JSON.stringify(before.view) !== JSON.stringify(settings.view)) this.open();
      document.documentElement.dataset.theme = settings.theme;
      if (JSON.stringify(before.steps) !== JSON.stringify(settings.steps)) this.fillBar();
      this.setTiles();
      if (!this.world) {
        const data = await this.ask(settings.countries);
        if (!data) return;
        this.world = new World(data);
      }
      await this.show();
    }

    get token() {
      return this.step ? this.settings.steps[this.unit][this.step - 1][1] : this.settings.token;
    }

    // Brings everything to the layer, theme and step of now. What was asked before and comes late is dropped.
    async show() {
      const run = (this.run = (this.run || 0) + 1);
      const { layer } = this.settings;
      const address = `/map/${this.token}`;
      const inCells = "noun" in LAYERS[layer];
      const [shades, reach, words] = await Promise.all([
        inCells ? null : this.ask(`${address}/shades`),
        layer === "reach" ? this.ask(`${address}/reach`) : null,
        this.ask(`${address}/words`),
        inCells ? this.cells.show(address, layer, LAYERS[layer].noun) : null,
      ]);
      if (run !== this.run) return;
      if (!inCells) { this.cells.address = ""; this.cells._cleared(); }
      this.shades = shades;
      this.texts = shades && new Map(shades.code.map((code, index) => [code, shades.text[index]]));
      this.reach = reach && { km: reach.km, at: reach.at.map(([latitude, longitude]) => [toU(longitude), toV(latitude)]) };
      this.words = words || {};
      this.land.setZIndex(shades && this.tiles ? 3 : 1).setOpacity(shades && this.tiles ? 0.7 : 1);
      this.land.repaint();
      if (this.reach) { this.circles.addTo(this.map).setZIndex(4); this.circles.repaint(); } else this.circles.remove();
      this.drawLegend();
      this.tellStep();
      document.documentElement.dataset.shown = `${layer} ${this.step}`;
    }

    async ask(address, signal) {
      if (this.answers.has(address)) return this.answers.get(address);
      try {
        let answer = await fetch(address, { signal });
        if (answer.status === 429) {
          await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get("retry-after") || 1)));
          answer = await fetch(address, { signal });
        }
        if (!answer.ok) throw new Error(String(answer.status));
        const data = await answer.json();
        this.say("");
        if (/shades$|reach$|words$/.test(address)) {
          this.answers.set(address, data);
          if (this.answers.size > 120) this.answers.delete(this.answers.keys().next().value);
        }
        return data;
      } catch (problem) {
        if (problem.name !== "AbortError") {
          this.say(problem.message === "404" ? "This map is too old to go on. Reload the page." : "Part of the map could not be loaded. Move the map to try again.");
        }
        return null;
      }
    }

    say(text) {
      if (this.status.textContent !== text) this.status.textContent = text;
    }

    paintLand(context, part) {
      if (!this.world) return;
      context.fillStyle = COLOURS[this.settings.theme].sea;
      context.fillRect(0, 0, part.width, part.height);
      this.world.paint(context, { ...part, theme: this.settings.theme, shades: this.shades, borders: this.settings.borders });
    }

    paintReach(context, part) {
      if (!this.reach) return;
      context.fillStyle = this.settings.theme === "dark" ? "#f5b942" : "#e07b00";
      paintCircles(context, this.reach.at, this.reach.km, part);
    }

    setTiles() {
      const { tiles } = this.settings;
      if (!tiles || this.tiles) return;
      let failed = 0;
      this.tiles = L.tileLayer(tiles, { maxZoom: 19, zIndex: 2 }).addTo(this.map);
      this.tiles.on("tileload", () => { failed = 0; });
      this.tiles.on("tileerror", () => {
        failed += 1;
        if (failed < 4 || !this.tiles) return;
        this.tiles.remove();
        this.tiles = null;
        this.settings.tiles = "";
        this.setTiles = () => {};
      });
    }

    // ---- what lies under the pointer, and what is chosen ----
    codeAt(latlng) {
      return this.world ? this.world.at(latlng.lng, latlng.lat, 7 / (256 * 2 ** this.map.getZoom())) : "";
    }

    hover(event) {
      if (event.originalEvent.target.closest?.("button")) return;
      cancelAnimationFrame(this.hovering);
      this.hovering = requestAnimationFrame(() => {
        const code = this.codeAt(event.latlng);
        const text = code && (this.texts ? this.texts.get(code) || `${this.world.names[code]}: no figures` : this.world.names[code]);
        this.tip(text, { at: event.latlng });
      });
    }

    tip(text, where) {
      this.tipBox.textContent = text || "";
      this.tipBox.hidden = !text;
      if (!text || !where) return;
      const at = this.map.latLngToContainerPoint(where.at), box = this.map.getSize();
      const width = this.tipBox.offsetWidth, height = this.tipBox.offsetHeight;
      const x = Math.max(4, Math.min(box.x - width - 4, at.x + 14));
      const y = at.y + 20 + height > box.y ? at.y - height - 14 : at.y + 18;
      this.tipBox.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    }

    pickCell(cell) {
      this.tell({ kind: "cell", z: cell.z, column: cell.column, row: cell.row });
      this.ring?.remove();
      this.ring = L.circleMarker(cell.at, { radius: 12 + 4.5 * Math.log10(cell.n) + 4, className: "up-ring", interactive: false }).addTo(this.map);
    }

    pickCountry(event) {
      const code = this.codeAt(event.latlng);
      if (!code) return;
      this.tell({ kind: "country", code });
      const turn = 360 * Math.floor((event.latlng.lng + 180) / 360);
      const toLatLng = (u, v) => [(Math.asin(Math.tanh((0.5 - v) * 2 * Math.PI)) * 180) / Math.PI, u * 360 - 180 + turn];
      const rings = this.world.polygons.filter((polygon) => polygon.code === code).flatMap((polygon) => polygon.rings);
      const outlines = rings.map((ring) => Array.from({ length: ring.length / 2 }, (_, i) => toLatLng(ring[2 * i], ring[2 * i + 1])));
      this.ring?.remove();
      this.ring = L.polygon(outlines, { className: "up-ring", fill: false, interactive: false }).addTo(this.map);
    }

    tell(picked) {
      this.picks += 1;
      const step = this.step ? this.settings.steps[this.unit][this.step - 1][0] : "";
      window.Streamlit?.setComponentValue({ picked: { ...picked, step, layer: this.settings.layer, number: this.picks } });
    }

    countOutline() {
      if (this.ring instanceof L.CircleMarker && !(this.ring instanceof L.Circle)) { this.ring.remove(); this.ring = null; }
    }

    // ---- legend: text beside each colour ----
    drawLegend() {
      const { layer, theme } = this.settings;
      const open = this.legend.querySelector("details")?.open ?? this.map.getSize().x > 600;
      this.legend.replaceChildren();
      const box = make("details", "", "", this.legend);
      box.open = open;
      make("summary", "", LAYERS[layer].title, box);
      const list = make("ul", "", "", box);
      const line = (label, style) => {
        const item = make("li", "", "", list);
        Object.assign(make("i", "", "", item).style, style);
        make("span", "", label, item);
        return item;
      };
      for (const { label, hatched, ...colours } of this.shades?.classes || []) {
        const colour = colours[theme];
        line(label, { background: hatched ? `repeating-linear-gradient(135deg, ${colour} 0 3px, ${COLOURS[theme].line} 3px 4px)` : colour });
      }
      if (layer === "reach") line("100 km around an event", { background: theme === "dark" ? "#f5b942" : "#e07b00", opacity: 0.6 });
      if (LAYERS[layer].noun) make("p", "", `A number counts the ${LAYERS[layer].noun[1]} near it. Choose one for the list.`, box);
      else make("p", "", LAYERS[layer].hint || "Choose a country for its events.", box);
    }

    // ---- time: a slider and a play button under the map; the view stays ----
    makeBar() {
      const bar = (this.bar = make("div", "up-bar"));
      this.playButton = make("button", "up-play", "Play", bar);
      this.playButton.type = "button";
      this.units = make("select", "", "", bar);
      this.units.ariaLabel = "Play through";
      this.slider = make("input", "", "", bar);
      Object.assign(this.slider, { type: "range", min: 0, value: 0, ariaLabel: "Time" });
      this.said = make("output", "", "", bar);
      this.said.setAttribute("aria-live", "polite");
      const save = make("button", "up-save", "Save picture", bar);
      save.type = "button";
      this.map.getContainer().after(bar);
      this.playButton.addEventListener("click", () => (this.playing ? this.stop() : this.play()));
      this.units.addEventListener("change", () => { this.stop(); this.unit = this.units.value; this.fillBar(); this.show(); });
      this.slider.addEventListener("input", () => { this.stop(); this.step = Number(this.slider.value); this.show(); });
      save.addEventListener("click", () => this.save());
    }

    fillBar() {
      const { steps } = this.settings;
      const offered = Object.keys(steps).filter((unit) => steps[unit].length > 1);
      const now = this.step && this.lastStep;
      if (!offered.includes(this.unit)) this.unit = offered[0] || "quarter";
      this.units.replaceChildren(...offered.map((unit) => Object.assign(make("option", "", `By ${unit}`), { value: unit })));
      this.units.value = this.unit;
      const listed = steps[this.unit] || [];
      this.slider.max = listed.length;
      this.step = now ? listed.findIndex(([name]) => name === now) + 1 : 0;
      this.slider.value = this.step;
      for (const element of [this.playButton, this.units, this.slider]) element.hidden = !offered.length;
    }

    tellStep() {
      const count = this.words.total;
      const noun = LAYERS[this.settings.layer].noun;
      this.lastStep = this.step ? this.settings.steps[this.unit][this.step - 1][0] : "";
      const period = this.slider.hidden ? "" : this.lastStep || "Chosen period";
      const number = noun && count !== undefined ? `${count.toLocaleString("en")} ${noun[count === 1 ? 0 : 1]}` : "";
      const words = [period, number].filter(Boolean).join(": ");
      this.said.textContent = words;
      this.slider.setAttribute("aria-valuetext", words);
      this.slider.value = this.step;
    }

    async play() {
      const run = (this.playing = {});
      this.playButton.textContent = "Pause";
      const last = this.settings.steps[this.unit].length;
      if (this.step >= last) this.step = 0;
      while (this.playing === run && this.step < last) {
        this.step += 1;
        await Promise.all([this.show(), new Promise((resolve) => setTimeout(resolve, PLAY_MS))]);
      }
      if (this.playing === run) this.stop();
    }

    stop() {
      this.playing = null;
      this.playButton.textContent = "Play";
    }

    // ---- the current view as a picture ----
    save() {
      const { x: width, y: height } = this.map.getSize();
      const head = 64, foot = 34, ratio = 2, colours = COLOURS[this.settings.theme];
      const canvas = document.createElement("canvas");
      canvas.width = width * ratio;
      canvas.height = (height + head + foot) * ratio;
      const pen = canvas.getContext("2d");
      pen.scale(ratio, ratio);
      pen.fillStyle = colours.page;
      pen.fillRect(0, 0, width, height + head + foot);
      const write = (text, x, y, font, colour, most) => {
        pen.font = `${font} system-ui, sans-serif`;
        pen.fillStyle = colour;
        pen.fillText(text, x, y, most);
      };
      write(LAYERS[this.settings.layer].title, 14, 27, "600 19px", colours.ink, width - 28);
      write(this.lastStep || this.words.period || "", 14, 50, "14px", colours.muted, width - 28);
      write([this.words.source, this.words.as_of].filter(Boolean).join(" · "), 14, head + height + 22, "12px", colours.muted, width - 28);
      pen.save();
      pen.translate(0, head);
      pen.beginPath();
      pen.rect(0, 0, width, height);
      pen.clip();
      const origin = this.map.getPixelBounds().min;
      const part = { size: 256 * 2 ** this.map.getZoom(), x: origin.x, y: origin.y, width, height };
      this.paintLand(pen, part);
      if (this.reach) { pen.globalAlpha = 0.45; this.paintReach(pen, part); pen.globalAlpha = 1; }
      for (const button of this.cells.buttons.values()) {
        const at = this.map.latLngToContainerPoint(button.uplift.at), look = getComputedStyle(button);
        pen.beginPath();
        pen.arc(at.x, at.y, button.offsetWidth / 2, 0, 2 * Math.PI);
        pen.fillStyle = look.backgroundColor;
        pen.fill();
        pen.textAlign = "center";
        write(button.textContent, at.x, at.y + 4, "600 12px", look.color);
        pen.textAlign = "left";
      }
      const classes = this.shades?.classes || [];
      pen.globalAlpha = 0.92;
      pen.fillStyle = colours.page;
      if (classes.length) pen.fillRect(8, height - 18 * classes.length - 16, 262, 18 * classes.length + 8);
      pen.globalAlpha = 1;
      classes.forEach((item, index) => {
        const y = height - 18 * (classes.length - index) - 8;
        pen.fillStyle = item[this.settings.theme];
        pen.fillRect(14, y, 14, 13);
        pen.strokeStyle = colours.line;
        pen.strokeRect(14, y, 14, 13);
        write(item.hatched ? `${item.label} (hatched)` : item.label, 36, y + 11, "12px", colours.ink, 230);
      });
      pen.restore();
      canvas.toBlob((blob) => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = `uplift-map-${this.settings.layer}.png`;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      }, "image/png");
    }
  }

  // st_folium would tell the page at once that nothing was chosen, and the page would run again for it.
  if (window.__GLOBAL_DATA__) window.__GLOBAL_DATA__.previous_data = {};

  window.uplift = {
    show(map, settings) {
      if (!this.shown || this.shown.map !== map) this.shown = new EventMap(map);
      this.shown.update(settings);
    },
  };
})();
