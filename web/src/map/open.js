// Opens the map on the land of the snapshot.
import { Map, NavigationControl, prewarm, ScaleControl, setWorkerUrl } from "maplibre-gl";

import { byId } from "../shell/dom.js";
import { word } from "../shell/language.js";

/** @typedef {import("maplibre-gl").StyleSpecification} Style */
/** @typedef {import("../types").Provenance} Provenance */

/** Beyond this width in degrees the extent spans overseas territories: the map opens on metropolitan France. */
const WIDE = 25;
/** @type {[number, number, number, number]} */
const METROPOLE = [-5, 41.5, 9.5, 51];

// The worker is on its way before there is a map.
setWorkerUrl(new URL(`./${WORKER_FILE}`, import.meta.url).href);
prewarm();

export const calm = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {Style} style
 * @param {Provenance} provenance
 */
export function openMap(style, provenance) {
  const map = new Map({
    container: byId("map"),
    style,
    bounds: extent(provenance),
    fitBoundsOptions: { padding: room() },
    hash: true,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 19,
    fadeDuration: calm.matches ? 0 : 200,
    locale: { "Map.Title": word("map"), "NavigationControl.ZoomIn": word("zoomIn"), "NavigationControl.ZoomOut": word("zoomOut") },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-right");
  window.__map = map;
  return map;
}

/** Space to keep free around what the map shows: the panel lies over its left, except on a phone. */
export function room() {
  const panel = byId("panel").getBoundingClientRect();
  const beside = panel.width < innerWidth * 0.7;
  const key = document.querySelector("#key:not([hidden]) details[open]") ? 280 : 48;
  return beside ? { left: panel.right + 32, top: 32, right: innerWidth - panel.right > 640 ? key : 48, bottom: 48 } : 32;
}

/** Goes to a box of degrees, past the panel. @param {Map} map @param {[number, number, number, number]} box @param {number} [maxZoom] */
export function goTo(map, box, maxZoom = 16) {
  map.fitBounds(box, { padding: room(), maxZoom, animate: !calm.matches, duration: 700 });
}

/** @param {GeoJSON.Position[]} positions @returns {[number, number, number, number]} */
export function boxOf(positions) {
  const [x, y] = [0, 1].map((axis) => positions.map((position) => position[axis]));
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

/** Every position of a geometry. @param {any} geometry @returns {GeoJSON.Position[]} */
export function positionsOf(geometry) {
  if (!geometry) return [];
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(positionsOf);
  const flat = (/** @type {any} */ nested) => (typeof nested[0] === "number" ? [nested] : nested.flatMap(flat));
  return flat(geometry.coordinates);
}

/** @param {Provenance} provenance @returns {[number, number, number, number]} */
function extent({ layers }) {
  const land = layers.filter((layer) => layer.role === "candidate");
  const boxes = (land.length ? land : layers).flatMap((layer) => (layer.extent_lonlat ? [layer.extent_lonlat] : []));
  if (boxes.length === 0) return METROPOLE;
  const least = (/** @type {number} */ side) => Math.min(...boxes.map((box) => box[side]));
  const most = (/** @type {number} */ side) => Math.max(...boxes.map((box) => box[side]));
  const whole = /** @type {[number, number, number, number]} */ ([least(0), least(1), most(2), most(3)]);
  return whole[2] - whole[0] > WIDE ? METROPOLE : whole;
}
