// The plot in the address: the id of a feature, well-known text, or a name for what is too long for it.
import { param } from "../shell/route.js";

/** Beyond this an address is no longer one: the browser keeps the plot for as long as the tab lives. */
const LONGEST = 4000;
const KEPT = "emprise-plot-";
/** @type {Map<string, File>} */
const files = new Map();

/** What to write into the address for a plot. @param {string | object} plot well-known text, GeoJSON, or an id */
export function addressOfPlot(plot) {
  const text = typeof plot === "string" ? plot : (textOf(plot) ?? JSON.stringify(plot));
  if (text.length <= LONGEST) return text;
  const name = `local-${hash(text)}`;
  try {
    sessionStorage.setItem(KEPT + name, text);
  } catch {}
  return name;
}

/** @param {File} file */
export function keepFile(file) {
  const name = `file-${hash(file.name + file.size + file.lastModified)}`;
  files.set(name, file);
  return name;
}

/** @param {string} name */
export function keptFile(name) {
  return files.get(name);
}

/** What to send for what the address holds. @param {string} text @returns {unknown} */
export function plotOf(text) {
  const whole = text.startsWith("local-") ? (kept(text) ?? text) : text;
  if (/^\s*\{/.test(whole)) return JSON.parse(whole);
  if (/^[\w-]+\/.+/.test(whole)) return { site: whole };
  return whole;
}

/** @param {string} name */
function kept(name) {
  try {
    return sessionStorage.getItem(KEPT + name);
  } catch {
    return null;
  }
}

/** Well-known text of a polygon; nothing for what is more than geometry of that kind. @param {any} geojson */
function textOf(geojson) {
  const geometry = geojson.type === "Feature" ? geojson.geometry : geojson;
  const ring = (/** @type {number[][]} */ positions) => `(${positions.map(([lon, lat]) => `${round(lon)} ${round(lat)}`).join(",")})`;
  if (geometry?.type === "Polygon") return `POLYGON(${geometry.coordinates.map(ring).join(",")})`;
  if (geometry?.type === "MultiPolygon") return `MULTIPOLYGON(${geometry.coordinates.map((/** @type {any} */ polygon) => `(${polygon.map(ring).join(",")})`).join(",")})`;
  return undefined;
}

/** A centimetre. @param {number} degrees */
const round = (degrees) => Math.round(degrees * 1e7) / 1e7;

/** @param {string} text */
function hash(text) {
  let value = 5381;
  for (const letter of text) value = (value * 33 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return value.toString(36);
}

/** What is to be built, as far as the address says. */
export function projectOf() {
  const built = Number(param("built"));
  const project = Object.fromEntries(Object.entries({ activity: param("activity"), use: param("use"), icpe: param("icpe"), built_m2: built > 0 ? built : undefined }).filter(([, value]) => value !== undefined));
  return { project, query: Object.fromEntries(Object.entries(project).map(([key, value]) => [key, String(value)])), key: JSON.stringify(project) };
}
