// Cells of events as buttons on the map: asked for tile by tile, only those in view are in the page.
"use strict";

(() => {
  const TILE = 512, CELLS = 8, MOST_TILES = 160;

  // `told` is called with the cell of a button that was pressed; `ask` answers an address with JSON, or null.
  const Cells = L.Layer.extend({
    initialize(ask, told, tip) {
      Object.assign(this, { ask, told, tip, address: "", noun: ["event", "events"], what: "" });
      this.tiles = new Map();
      this.buttons = new Map();
    },
    onAdd(map) {
      this._map = map;
      this.pane = L.DomUtil.create("div", "up-cells leaflet-zoom-hide", map.getPane("markerPane"));
      this.pane.setAttribute("role", "group");
      this.pane.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        event.stopPropagation();
        // The map was dragged by this circle; a press of Enter has no detail.
        if (event.detail && this._map.dragging.moved()) return;
        this.told(button.uplift);
      });
      for (const kind of ["mouseover", "focusin"]) this.pane.addEventListener(kind, (event) => {
        const button = event.target.closest("button");
        if (button) this.tip(button.ariaLabel.split(" near ")[0], button.uplift);
      });
      for (const kind of ["mouseout", "focusout"]) this.pane.addEventListener(kind, () => this.tip(""));
    },
    onRemove() {
      this.pane.remove();
      this.buttons.clear();
    },
    getEvents() {
      return { moveend: this.refresh, zoomend: this._cleared };
    },
    // Shows other cells; those of before stay until all of the new ones have come.
    show(address, what, noun) {
      if (address === this.address) return this.refresh();
      this.abort?.abort();
      this.abort = new AbortController();
      Object.assign(this, { address, what, noun });
      this.tiles = new Map();
      this.pane.setAttribute("aria-label", noun[1]);
      return this.refresh(true);
    },
    _cleared() {
      for (const button of this.buttons.values()) button.remove();
      this.buttons.clear();
    },
    _view() {
      const zoom = Math.max(1, Math.min(19, Math.round(this._map.getZoom())));
      const bounds = this._map.getBounds();
      const low = this._map.project(bounds.getNorthWest(), zoom), high = this._map.project(bounds.getSouthEast(), zoom);
      const side = 2 ** (zoom - 1);
      const found = [];
      for (let x = Math.floor(low.x / TILE); x <= Math.floor(high.x / TILE); x += 1) {
        for (let y = Math.max(0, Math.floor(low.y / TILE)); y <= Math.min(side - 1, Math.floor(high.y / TILE)); y += 1) {
          const turn = Math.floor(x / side);
          found.push({ z: zoom - 1, x: x - turn * side, y, turn });
        }
      }
      return { found, bounds };
    },
    async refresh(whole) {
      if (!this.address || !this._map) return;
      const address = this.address;
      const { found } = this._view();
      const missing = new Map();
      for (const tile of found) {
        const key = `${tile.z}/${tile.x}/${tile.y}`;
        if (!this.tiles.has(key)) missing.set(key, tile);
      }
      const waits = [...missing.keys()].map(async (key) => {
        this.tiles.set(key, null);
        const answer = await this.ask(`${address}/${key}`, this.abort?.signal);
        if (address !== this.address) return;
        if (answer) this.tiles.set(key, answer);
        else this.tiles.delete(key);
        if (whole !== true) this.draw();
      });
      if (!waits.length) this.draw();
      await Promise.all(waits);
      if (address !== this.address) return;
      this.draw();
      for (const key of this.tiles.keys()) {
        if (this.tiles.size <= MOST_TILES) break;
        this.tiles.delete(key);
      }
    },
    // A circle stays within its cell, at most its own radius from where it belongs: none covers its neighbour's number.
    _inItsCell({ z, at, column, row }, size) {
      const zoom = z + 1, edge = TILE / CELLS;
      const radius = Math.min(edge / 2, (size / 2 + 1) * 2 ** (zoom - this._map.getZoom()));
      const point = this._map.project(at, zoom);
      const west = edge * (column + Math.round((point.x / edge - column - 0.5) / (CELLS * 2 ** z)) * CELLS * 2 ** z);
      point.x = Math.max(west + radius, Math.min(west + edge - radius, point.x));
      point.y = Math.max(edge * row + radius, Math.min(edge * (row + 1) - radius, point.y));
      return this._map.unproject(point, zoom);
    },
    draw() {
      if (!this._map) return;
      const { found, bounds } = this._view();
      const now = new Map();
      for (const { z, x, y, turn } of found) {
        const tile = this.tiles.get(`${z}/${x}/${y}`);
        if (!tile) continue;
        tile.cell.forEach((cell, index) => {
          const at = L.latLng(tile.lat[index], tile.lon[index] + 360 * turn);
          if (!bounds.contains(at)) return;
          const column = x * CELLS + (cell % CELLS), row = y * CELLS + Math.floor(cell / CELLS);
          now.set(`${z}/${turn}/${column}/${row}`, { z, column, row, at, n: tile.n[index] });
        });
      }
      for (const [key, button] of this.buttons) {
        if (now.has(key)) continue;
        button.remove();
        this.buttons.delete(key);
      }
      // The largest come first for the keyboard, and lie under the smaller ones.
      for (const [key, cell] of [...now].sort((one, other) => other[1].n - one[1].n)) {
        let button = this.buttons.get(key);
        if (!button) {
          button = document.createElement("button");
          button.type = "button";
          this.buttons.set(key, button);
          this.pane.append(button);
        }
        const near = L.latLng(cell.at.lat, cell.at.lng).wrap();
        const noun = this.noun[cell.n === 1 ? 0 : 1];
        const size = Math.round(24 + 9 * Math.log10(cell.n));
        button.uplift = { ...cell, what: this.what };
        button.className = `up-cell up-${this.what}`;
        button.textContent = short(cell.n);
        button.ariaLabel = `${cell.n.toLocaleString("en")} ${noun} near ${near.lat.toFixed(1)}, ${near.lng.toFixed(1)}; press Enter for the list`;
        button.style.width = button.style.height = `${size}px`;
        button.style.margin = `${-size / 2}px 0 0 ${-size / 2}px`;
        button.uplift.at = this._inItsCell(cell, size);
        L.DomUtil.setPosition(button, this._map.latLngToLayerPoint(button.uplift.at));
      }
    },
  });

  const short = (n) => {
    if (n < 1000) return String(n);
    if (n < 999_500) return `${(n / 1000).toFixed(n < 9950 ? 1 : 0).replace(".0", "")}k`;
    return `${(n / 1_000_000).toFixed(1).replace(".0", "")}M`;
  };

  window.upliftCells = Cells;
})();
