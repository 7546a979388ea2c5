// A pen for the map: corners by pointer (terra-draw), or by keyboard where the cross stands.
import { TerraDraw, TerraDrawPolygonMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";

import { collection, colour, coloured, draw, erase, line, point } from "../map/own.js";
import { OWN } from "../map/paint.js";
import { byId } from "../shell/dom.js";

/**
 * @param {import("maplibre-gl").Map} map
 * @param {{ done: (polygon: GeoJSON.Polygon) => void, cancelled: () => void, corners: (count: number) => void }} told
 */
export function takePen(map, { done, cancelled, corners }) {
  const accent = /** @type {`#${string}`} */ (coloured(colour("--accent")));
  const mode = new TerraDrawPolygonMode({ styles: { fillColor: accent, fillOpacity: 0.15, outlineColor: accent, outlineWidth: 2.5, closingPointColor: accent, closingPointWidth: 6, closingPointOutlineColor: "#ffffff", closingPointOutlineWidth: 2 } });
  const pen = new TerraDraw({ adapter: new TerraDrawMapLibreGLAdapter({ map, prefixId: `${OWN}pen`, coordinatePrecision: 7 }), modes: [mode] });
  pen.start();
  pen.setMode("polygon");
  pen.on("finish", (id) => {
    const drawn = pen.getSnapshotFeature(id);
    if (drawn?.geometry.type === "Polygon") done(/** @type {GeoJSON.Polygon} */ (drawn.geometry));
  });
  byId("map").classList.add("drawing");
  const keys = byKeyboard(map, { done, cancelled, corners });
  return {
    stop() {
      keys.stop();
      pen.stop();
      byId("map").classList.remove("drawing");
    },
  };
}

/**
 * Space sets a corner under the cross, Backspace takes the last one back, Enter closes, Escape gives up; arrows move the map.
 * @param {import("maplibre-gl").Map} map
 * @param {{ done: (polygon: GeoJSON.Polygon) => void, cancelled: () => void, corners: (count: number) => void }} told
 */
function byKeyboard(map, { done, cancelled, corners }) {
  /** @type {GeoJSON.Position[]} */
  let ring = [];
  const show = () => {
    const ahead = ring.length ? [...ring, map.getCenter().toArray()] : [];
    const accent = colour("--accent");
    draw(map, "keyboard", collection([...(ahead.length > 1 ? [line(ahead)] : []), ...ring.map((corner) => point(corner))]), [
      { type: "line", paint: { "line-color": accent, "line-width": 2.5 } },
      { type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": accent, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 } },
    ]);
  };
  const act = (/** @type {KeyboardEvent} */ event) => {
    const on_map = event.target === map.getCanvas();
    if (event.key === "Escape") cancelled();
    else if (!on_map) return;
    else if (event.key === " ") ring = [...ring, map.getCenter().toArray()];
    else if (event.key === "Backspace") ring = ring.slice(0, -1);
    else if (event.key === "Enter" && ring.length >= 3) done({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
    else if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    corners(ring.length);
    if (on_map && event.key !== "Enter") show();
  };
  document.addEventListener("keydown", act, { capture: true });
  map.on("move", show);
  map.getCanvas().focus();
  return {
    stop() {
      document.removeEventListener("keydown", act, { capture: true });
      map.off("move", show);
      erase(map, "keyboard");
    },
  };
}
