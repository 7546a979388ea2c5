// Opens the map on the land of the snapshot.
import { Map, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";

import { byId } from "./dom.js";
import { word } from "./language.js";

/** @typedef {import("maplibre-gl").StyleSpecification} Style */
/** @typedef {import("./types").Provenance} Provenance */

/** Beyond this width in degrees the extent spans overseas territories: the map opens on metropolitan France. */
const WIDE = 25;
/** @type {[number, number, number, number]} */
const METROPOLE = [-5, 41.5, 9.5, 51];

/**
 * @param {Style} style
 * @param {Provenance} provenance
 */
export function openMap(style, provenance) {
  setWorkerUrl(new URL(`./${WORKER_FILE}`, import.meta.url).href);
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
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
    locale: { "Map.Title": word("map") },
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
  return beside ? { left: panel.right + 32, top: 32, right: 48, bottom: 48 } : 32;
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
