// What the page draws itself, above the server's style: sources and layers under one name, put and taken away together.
import { OWN } from "./paint.js";

/** @typedef {import("maplibre-gl").Map} Map */
/** @typedef {GeoJSON.FeatureCollection} Collection */

/** @type {Collection} */
export const NOTHING = { type: "FeatureCollection", features: [] };

/** One of the page's colours, for what is drawn by the map: it follows the scheme. @param {string} name */
export function colour(name) {
  return `var(${name})`;
}

/** A value of a style with the page's colours as they are now. @param {any} value @returns {any} */
export function coloured(value) {
  if (typeof value === "string" && value.startsWith("var(")) return getComputedStyle(document.documentElement).getPropertyValue(value.slice(4, -1)).trim();
  if (Array.isArray(value)) return value.map(coloured);
  return value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, coloured(inner)])) : value;
}

/** The layers of each thing, in no scheme yet. @type {globalThis.Map<string, any[]>} */
const drawn = new globalThis.Map();

/** Draws everything in the colours of now. @param {Map} map */
export function recolour(map) {
  whenReady(map, () => {
    for (const layer of [...drawn.values()].flat()) if (map.getLayer(layer.id)) for (const [property, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, /** @type {any} */ (property), coloured(value));
  });
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
    const named = layers.map((layer, at) => ({ ...layer, id: layer.id ? OWN + layer.id : `${id}-${at}`, source: id }));
    drawn.set(id, named);
    for (const layer of named) map.addLayer({ ...layer, paint: coloured(layer.paint) });
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
