// The sites on the map: a numbered disc each, and the lines from the chosen one to what it was measured against.
import { collection, colour, draw, erase, line, point } from "../map/own.js";
import { boxOf, goTo, positionsOf } from "../map/open.js";
import { OWN } from "../map/paint.js";
import { ask, isAbort } from "../shell/api.js";
import { keyOf } from "./ranking.js";

/** @typedef {import("../types").Site} Site */
/** @typedef {import("maplibre-gl").Map} Map */

const FONT = ["Emprise Medium"];
/** Sites beyond this rank are dots without a number. */
const NUMBERED = 50;

/** @typedef {import("../types").Answer} Answer */

/** The sites of a large answer that are drawn already; `null` while nothing is. @type {Answer["rest"] | null} */
let resting = null;

/** @param {Map} map @param {Answer} answer @param {Site | undefined} extra one more @param {string | undefined} chosen @param {string | undefined} hovered */
export function drawSites(map, { sites, rest }, extra, chosen, hovered) {
  drawRest(map, sites.length, rest);
  const features = [...sites, ...(extra ? [extra] : [])].flatMap((site) => {
    if (site.lon === null || site.lat === null) return [];
    const key = keyOf(site);
    const state = key === chosen ? 2 : key === hovered ? 1 : 0;
    return [point([site.lon, site.lat], { key, label: site.rank > 0 ? String(site.rank) : "", rank: site.rank, order: state * 1e6 - site.rank, state, numbered: site.rank <= NUMBERED })];
  });
  const accent = ["match", ["get", "state"], [1, 2], colour("--accent"), colour("--ink")];
  draw(map, "sites", collection(features), [
    { id: "sites-dot", type: "circle", filter: ["!", ["get", "numbered"]], paint: { "circle-radius": ["match", ["get", "state"], [1, 2], 8, 4], "circle-color": accent, "circle-stroke-color": colour("--paper"), "circle-stroke-width": 1 } },
    { id: "sites-disc", type: "circle", filter: ["get", "numbered"], layout: { "circle-sort-key": ["get", "order"] }, paint: { "circle-radius": ["match", ["get", "state"], [1, 2], 14, 11], "circle-color": accent, "circle-stroke-color": colour("--paper"), "circle-stroke-width": 2 } },
    { id: "sites-rank", type: "symbol", filter: ["get", "numbered"], layout: { "text-field": ["get", "label"], "text-font": FONT, "text-size": 12, "text-padding": 0, "symbol-sort-key": ["-", ["get", "order"]] }, paint: { "text-color": colour("--paper") } },
  ]);
}

/** The sites that the page does not hold: one feature of many points, made again only for another answer. @param {Map} map @param {number} from @param {Answer["rest"]} rest */
function drawRest(map, from, rest) {
  if (rest === resting) return;
  resting = rest;
  const coordinates = positions(rest?.places ?? new Float64Array(), from);
  const points = coordinates.length ? [/** @type {GeoJSON.Feature} */ ({ type: "Feature", properties: {}, geometry: { type: "MultiPoint", coordinates } })] : [];
  draw(map, "rest", collection(points), [{ type: "circle", paint: { "circle-radius": 4, "circle-color": colour("--ink"), "circle-stroke-color": colour("--paper"), "circle-stroke-width": 1 } }]);
}

/** @param {Float64Array} places @param {number} [from] @returns {[number, number][]} */
function positions(places, from = 0) {
  const found = [];
  for (let at = 2 * from; at < places.length; at += 2) if (!Number.isNaN(places[at])) found.push(/** @type {[number, number]} */ ([places[at], places[at + 1]]));
  return found;
}

/** Where the sites of an answer lie. @param {Answer} answer @returns {[number, number][]} */
export function placesOf({ sites, rest }) {
  if (rest) return positions(rest.places);
  return sites.flatMap(({ lon, lat }) => (lon === null || lat === null ? [] : [/** @type {[number, number]} */ ([lon, lat])]));
}

/** @param {Map} map */
export function eraseSites(map) {
  resting = null;
  for (const name of ["sites", "rest", "witness", "site"]) erase(map, name);
}

/** The key of the site whose disc was hit. @param {import("maplibre-gl").MapGeoJSONFeature[]} features @param {import("../map/inspect.js").Place} at @param {Answer | undefined} answer */
export function hitSite(features, at, answer) {
  const held = features.find(({ source }) => source === `${OWN}sites`)?.properties.key;
  if (held || !answer?.rest || !features.some(({ source }) => source === `${OWN}rest`)) return /** @type {string | undefined} */ (held);
  const { keys, places } = answer.rest;
  const narrow = Math.cos((at.lat * Math.PI) / 180);
  let [nearest, least] = [-1, Infinity];
  for (let which = 0; which < keys.length; which += 1) {
    const far = Math.hypot((places[2 * which] - at.lng) * narrow, places[2 * which + 1] - at.lat);
    if (far < least) [nearest, least] = [which, far];
  }
  return keys[nearest];
}

/** @type {AbortController | undefined} */
let fetching;

/** Draws the chosen site's edge, the ways to its witnesses, and those it lies in. @param {Map} map @param {Site | undefined} site @param {boolean} [approach] whether to go there */
export async function drawChosen(map, site, approach = false) {
  fetching?.abort();
  fetching = new AbortController();
  const { signal } = fetching;
  const witnesses = (site?.findings ?? []).flatMap(({ witness }) => (witness ? [witness] : []));
  const ways = witnesses.flatMap(({ way, name, id }) => (way && !same(way) ? [line(way), point(way[1], { name: name ?? id })] : []));
  drawWays(map, ways);
  drawShapes(map, []);
  if (!site) return;
  if (approach && site.lon !== null && site.lat !== null) goTo(map, around(site, ways), 15);
  const inside = witnesses.filter(({ way }) => !way || same(way)).slice(0, 6);
  const wanted = [{ layer: site.layer, id: site.id, own: true }, ...inside.map(({ layer, id }) => ({ layer, id, own: false }))];
  try {
    const shapes = await Promise.all(wanted.map(async ({ layer, id, own }) => ({ ...(await ask(`collections/${encodeURIComponent(layer)}/items/${encodeURIComponent(id)}`, { signal })), properties: { own } })));
    drawShapes(map, shapes);
  } catch (error) {
    // A site made of several plots is no feature of a layer: it keeps its disc alone.
    if (!isAbort(error)) drawShapes(map, []);
  }
}

/** @param {[GeoJSON.Position, GeoJSON.Position]} way */
const same = ([a, b]) => a[0] === b[0] && a[1] === b[1];

/** @param {Map} map @param {GeoJSON.Feature[]} ways */
function drawWays(map, ways) {
  const accent = colour("--accent");
  const ends = ["==", ["geometry-type"], "Point"];
  draw(map, "witness", collection(ways), [
    { type: "line", layout: { "line-cap": "round" }, paint: { "line-color": accent, "line-width": 2, "line-dasharray": [0.2, 2] } },
    { type: "circle", filter: ends, paint: { "circle-radius": 4, "circle-color": colour("--paper"), "circle-stroke-color": accent, "circle-stroke-width": 2 } },
    { type: "symbol", filter: ends, layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-offset": [0, 0.8], "text-anchor": "top", "text-max-width": 12 }, paint: { "text-color": accent, "text-halo-color": colour("--paper"), "text-halo-width": 1.6 } },
  ]);
}

/** @param {Map} map @param {GeoJSON.Feature[]} shapes */
function drawShapes(map, shapes) {
  const accent = colour("--accent");
  draw(map, "site", collection(shapes), [
    { type: "fill", filter: ["!", ["get", "own"]], paint: { "fill-color": accent, "fill-opacity": 0.12 } },
    { type: "line", filter: ["get", "own"], layout: { "line-join": "round" }, paint: { "line-color": accent, "line-width": 3 } },
    { type: "line", filter: ["!", ["get", "own"]], paint: { "line-color": accent, "line-width": 1.5, "line-dasharray": [3, 2] } },
  ]);
}

/** @param {Site} site @param {GeoJSON.Feature[]} ways @returns {[number, number, number, number]} */
function around({ lon, lat, area_m2 }, ways) {
  const reach = (Math.sqrt(area_m2 ?? 0) + 150) / 111_320;
  const [x, y] = [Number(lon), Number(lat)];
  const wide = reach / Math.cos((y * Math.PI) / 180);
  return boxOf([[x - wide, y - reach], [x + wide, y + reach], ...ways.flatMap(({ geometry }) => positionsOf(geometry))]);
}
