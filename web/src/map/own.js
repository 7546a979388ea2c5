// What the page draws itself, above the server's style: sources and layers under one name, put and taken away together.
import { OWN } from "./paint.js";

/** @typedef {import("maplibre-gl").Map} Map */
/** @typedef {GeoJSON.FeatureCollection} Collection */

/** @type {Collection} */
export const NOTHING = { type: "FeatureCollection", features: [] };

/** The page's colours, for what is drawn by the map. @param {string} name */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Draws a thing: one GeoJSON source, several layers. Drawn again, only its data change.
 * @param {Map} map @param {string} name @param {Collection} data @param {any[]} layers without source; their ids are made @param {{ promote?: string }} [options]
 */
export function draw(map, name, data, layers, { promote } = {}) {
  whenReady(map, () => {
    const id = OWN + name;
    const source = /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (map.getSource(id));
    if (source) return void source.setData(data);
    map.addSource(id, { type: "geojson", data, ...(promote ? { promoteId: promote } : {}) });
    layers.forEach((layer, at) => map.addLayer({ ...layer, id: layer.id ? OWN + layer.id : `${id}-${at}`, source: id }));
  });
}

/** Layers over tiles of the server. @param {Map} map @param {string} name @param {string} url @param {any[]} layers */
export function drawTiles(map, name, url, layers) {
  whenReady(map, () => {
    const id = OWN + name;
    if (map.getSource(id)) return;
    map.addSource(id, { type: "vector", url });
    const above = map.getStyle().layers.find((layer) => layer.id.startsWith(OWN))?.id;
    layers.forEach((layer, at) => map.addLayer({ ...layer, id: `${id}-${at}`, source: id }, above));
  });
}

/** @param {Map} map @param {string} name */
export function erase(map, name) {
  whenReady(map, () => {
    const id = OWN + name;
    for (const layer of map.getStyle().layers) if ("source" in layer && layer.source === id) map.removeLayer(layer.id);
    if (map.getSource(id)) map.removeSource(id);
  });
}

/** @param {Map} map @param {() => void} act */
export function whenReady(map, act) {
  // A style that is there can be added to, though its tiles still come.
  if (map.style?._loaded) act();
  else map.once("style.load", act);
}

/** @param {GeoJSON.Position} coordinates @param {Record<string, unknown>} [properties] @param {number} [id] @returns {GeoJSON.Feature} */
export function point(coordinates, properties = {}, id) {
  return { type: "Feature", id, properties, geometry: { type: "Point", coordinates } };
}

/** @param {GeoJSON.Position[]} coordinates @param {Record<string, unknown>} [properties] @returns {GeoJSON.Feature} */
export function line(coordinates, properties = {}) {
  return { type: "Feature", properties, geometry: { type: "LineString", coordinates } };
}

/** @param {GeoJSON.Feature[]} features @returns {Collection} */
export function collection(features) {
  return { type: "FeatureCollection", features };
}
