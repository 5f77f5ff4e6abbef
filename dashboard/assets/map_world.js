// The world as polygons of our own: decodes countries.json, paints any part of it on a canvas, and tells what lies where.
"use strict";

(() => {
  const EDGE = 85.0511287798066;
  const COLOURS = {
    light: { sea: "#e3ebf3", land: "#fafbfc", line: "#aab6c4", ink: "#18222f", muted: "#525f70", page: "#ffffff" },
    dark: { sea: "#0b1017", land: "#242e3b", line: "#536173", ink: "#e8edf4", muted: "#a3b0c0", page: "#10161f" },
  };

  const toU = (longitude) => (longitude + 180) / 360;
  const toV = (latitude) => {
    const sine = Math.sin((Math.max(-EDGE, Math.min(EDGE, latitude)) * Math.PI) / 180);
    return Math.min(1, Math.max(0, 0.5 - Math.atanh(sine) / (2 * Math.PI)));
  };

  // Arcs run on across ±180°, so u may lie below 0 or above 1.
  const decoded = (flat, scale, translate) => {
    const points = new Float64Array(flat.length);
    let x = 0, y = 0;
    for (let i = 0; i < flat.length; i += 2) {
      x += flat[i]; y += flat[i + 1];
      points[i] = toU(x * scale[0] + translate[0]);
      points[i + 1] = toV(y * scale[1] + translate[1]);
    }
    return points;
  };

  const boxOf = (points) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < points.length; i += 2) {
      box[0] = Math.min(box[0], points[i]); box[2] = Math.max(box[2], points[i]);
      box[1] = Math.min(box[1], points[i + 1]); box[3] = Math.max(box[3], points[i + 1]);
    }
    return box;
  };

  const joined = (numbers, arcs) => {
    const ring = [];
    for (const number of numbers) {
      const arc = arcs[number < 0 ? ~number : number];
      const last = arc.length - 2;
      const first = number < 0 ? arc[last] : arc[0];
      const shift = ring.length ? Math.round(ring[ring.length - 2] - first) : 0;
      for (let i = 0; i <= last; i += 2) {
        const at = number < 0 ? last - i : i;
        ring.push(arc[at] + shift, arc[at + 1]);
      }
    }
    const around = ring[ring.length - 2] - ring[0];
    // A ring that ends one turn further than it began goes around the south pole: close it along the lower edge.
    if (Math.abs(around) > 0.5) ring.push(ring[ring.length - 2], 1, ring[0], 1);
    return Float64Array.from(ring);
  };

  class World {
    constructor(data) {
      const arcs = data.arcs.map((flat) => decoded(flat, data.scale, data.translate));
      const uses = new Uint8Array(arcs.length);
      this.names = data.names;
      this.dots = data.dots.map(([code, latitude, longitude]) => ({ code, u: toU(longitude), v: toV(latitude) }));
      this.polygons = [];
      for (const [code, polygons] of data.countries) {
        for (const numbered of polygons) {
          numbered.flat().forEach((number) => { uses[number < 0 ? ~number : number] += 1; });
          const rings = numbered.map((numbers) => joined(numbers, arcs));
          this.polygons.push({ code, rings, box: boxOf(rings[0]) });
        }
      }
      this.lines = arcs.map((points, index) => ({ points, box: boxOf(points), border: uses[index] > 1 }));
    }

    // `size` is the width of the world in pixels; (x, y) the pixel at the upper left corner of what is painted.
    paint(context, { size, x, y, width, height, theme, shades, borders }) {
      const colours = COLOURS[theme];
      const window = [x / size, y / size, (x + width) / size, (y + height) / size];
      const fills = new Map();
      if (shades) shades.code.forEach((code, index) => fills.set(code, shades.classes[shades.shade[index]]));
      const colour = (code) => {
        const found = fills.get(code);
        if (!found) return colours.land;
        return found.hatched ? hatch(context, found[theme], colours.line) : found[theme];
      };
      for (const polygon of this.polygons) {
        copies(polygon.box, window, (turn) => {
          context.beginPath();
          for (const ring of polygon.rings) trace(context, ring, size, x - turn * size, y, width, height);
          context.fillStyle = colour(polygon.code);
          context.fill("evenodd");
        });
      }
      context.lineWidth = 0.7;
      context.strokeStyle = colours.line;
      context.beginPath();
      for (const line of this.lines) {
        if (line.border && !borders) continue;
        copies(line.box, window, (turn) => stroke(context, line.points, size, x - turn * size, y, width, height));
      }
      context.stroke();
      if (!shades) return;
      for (const dot of this.dots) {
        copies([dot.u, dot.v, dot.u, dot.v], window, (turn) => {
          context.beginPath();
          context.arc((dot.u + turn) * size - x, dot.v * size - y, 4, 0, 2 * Math.PI);
          context.fillStyle = colour(dot.code);
          context.fill();
          context.stroke();
        });
      }
    }

    // The code of the country at a position; "" for the sea and for land without a code.
    at(longitude, latitude, nearness) {
      const turns = Math.floor((longitude + 180) / 360);
      const u = toU(longitude - 360 * turns), v = toV(latitude);
      for (const dot of this.dots) if (Math.hypot(dot.u - u, dot.v - v) < nearness) return dot.code;
      for (const polygon of this.polygons) {
        for (const turn of [-1, 0, 1]) {
          const [west, north, east, south] = polygon.box;
          if (u + turn < west || u + turn > east || v < north || v > south) continue;
          if (polygon.rings.reduce((inside, ring) => inside !== holds(ring, u + turn, v), false)) return polygon.code;
        }
      }
      return "";
    }
  }

  const copies = (box, window, draw) => {
    if (box[3] < window[1] || box[1] > window[3]) return;
    for (let turn = Math.ceil(window[0] - box[2]); turn <= Math.floor(window[2] - box[0]); turn += 1) draw(turn);
  };

  // Close up, a country is far larger than a canvas can count in pixels: cut it to what is near (Sutherland, Hodgman).
  const trace = (context, ring, size, x, y, width, height) => {
    let points = [];
    for (let i = 0; i < ring.length; i += 2) points.push([ring[i] * size - x, ring[i + 1] * size - y]);
    if (size > 65536) {
      points = cut(cut(cut(cut(points, 0, -64, 1), 0, width + 64, -1), 1, -64, 1), 1, height + 64, -1);
    }
    points.forEach(([px, py], index) => (index ? context.lineTo(px, py) : context.moveTo(px, py)));
    context.closePath();
  };

  const cut = (points, axis, edge, sign) => {
    const kept = [];
    points.forEach((point, index) => {
      const before = points[(index || points.length) - 1];
      const now = (point[axis] - edge) * sign, then = (before[axis] - edge) * sign;
      if (now >= 0 !== then >= 0) {
        const part = then / (then - now);
        kept.push([before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])]);
      }
      if (now >= 0) kept.push(point);
    });
    return kept;
  };

  const stroke = (context, points, size, x, y, width, height) => {
    let drawing = false;
    for (let i = 2; i < points.length; i += 2) {
      const ax = points[i - 2] * size - x, ay = points[i - 1] * size - y;
      const bx = points[i] * size - x, by = points[i + 1] * size - y;
      if ((ax < -9 && bx < -9) || (ay < -9 && by < -9) || (ax > width + 9 && bx > width + 9) || (ay > height + 9 && by > height + 9)) {
        drawing = false;
        continue;
      }
      if (!drawing) context.moveTo(ax, ay);
      context.lineTo(bx, by);
      drawing = true;
    }
  };

  const holds = (ring, u, v) => {
    let inside = false;
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const crosses = ring[i + 1] > v !== ring[j + 1] > v;
      if (crosses && u < ((ring[j] - ring[i]) * (v - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]) inside = !inside;
    }
    return inside;
  };

  const hatch = (context, colour, line) => {
    const cell = document.createElement("canvas");
    cell.width = cell.height = 6;
    const pen = cell.getContext("2d");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 6, 6);
    pen.strokeStyle = line;
    pen.lineWidth = 1.2;
    pen.beginPath();
    pen.moveTo(-1, 7); pen.lineTo(7, -1); pen.moveTo(-1, 1); pen.lineTo(1, -1); pen.moveTo(5, 7); pen.lineTo(7, 5);
    pen.stroke();
    return context.createPattern(cell, "repeat");
  };

  // Circles on the ground, all in one path: where they overlap, the colour does not grow darker.
  const paintCircles = (context, circles, km, { size, x, y, width, height }) => {
    context.beginPath();
    for (const [u, v] of circles) {
      // Mercator stretches by 1 ÷ cos(latitude), which is cosh of the height on the map.
      const radius = ((km / 40075.017) * size) * Math.cosh((0.5 - v) * 2 * Math.PI);
      const reach = radius / size;
      copies([u - reach, v - reach, u + reach, v + reach], [x / size, y / size, (x + width) / size, (y + height) / size], (turn) => {
        const px = (u + turn) * size - x, py = v * size - y;
        context.moveTo(px + radius, py);
        context.arc(px, py, radius, 0, 2 * Math.PI);
      });
    }
    context.fill("nonzero");
  };

  // A layer of tiles that are canvases, painted again in place when what they show changes: nothing blinks.
  const Painted = L.GridLayer.extend({
    initialize(paint, options) {
      this.paint = paint;
      L.GridLayer.prototype.initialize.call(this, { tileSize: 512, keepBuffer: 1, updateWhenZooming: false, ...options });
    },
    createTile(coords) {
      const canvas = document.createElement("canvas");
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      canvas.width = canvas.height = 512 * ratio;
      canvas.uplift = { coords, ratio };
      this._paint(canvas);
      return canvas;
    },
    _paint(canvas) {
      const { coords, ratio } = canvas.uplift;
      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, 512, 512);
      const size = 256 * 2 ** coords.z;
      this.paint(context, { size, x: coords.x * 512, y: coords.y * 512, width: 512, height: 512 });
    },
    repaint() {
      for (const key of Object.keys(this._tiles || {})) this._paint(this._tiles[key].el);
    },
  });

  window.upliftWorld = { World, Painted, COLOURS, paintCircles, toU, toV };
})();
