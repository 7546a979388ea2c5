// A click on the map: what lies there, told in the panel; a door may take the click first.
import { param } from "../shell/route.js";

/** @typedef {import("maplibre-gl").MapGeoJSONFeature} Feature */
/** @typedef {{ lng: number, lat: number }} Place */
/** @typedef {(features: Feature[], at: Place) => boolean} Taker whether the click was its own */

/** Pixels around the pointer that count as a hit: a finger is not a needle. */
const REACH = 5;

/** @type {Taker[]} */
const takers = [];

/** The last who asked is asked first. @param {Taker} taker @returns {() => void} to be asked no more */
export function takeClicks(taker) {
  takers.unshift(taker);
  return () => void takers.splice(takers.indexOf(taker), 1);
}

/** Clicks, and Enter for what lies under the cross in the middle of the map. @param {import("maplibre-gl").Map} map */
export function inspectOn(map) {
  const look = (/** @type {{x: number, y: number}} */ at) => {
    const layers = map.getStyle().layers.filter((layer) => "source" in layer && !(/** @type {any} */ (layer.metadata)?.["emprise:ground"] && param("door") !== "know")).map((layer) => layer.id);
    const found = map.queryRenderedFeatures([[at.x - REACH, at.y - REACH], [at.x + REACH, at.y + REACH]], { layers });
    const place = map.unproject([at.x, at.y]);
    for (const taker of [...takers]) if (taker(distinct(found), place)) return;
  };
  map.on("click", (event) => {
    if (!event.defaultPrevented) look(event.point);
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === "Enter") look(map.project(map.getCenter()));
  });
}

/** One entry per feature, though several style layers draw it, in the order in which they lie. @param {Feature[]} found */
function distinct(found) {
  const seen = new Map();
  for (const feature of found) {
    const key = `${feature.source} ${feature.sourceLayer} ${feature.properties.id ?? feature.id}`;
    if (!seen.has(key)) seen.set(key, feature);
  }
  return [...seen.values()];
}
