// What the map is painted with: a style of the server, in the page's own letters, without what the reader turned off.
import { early, HOME_STYLE, inReadersWay } from "../early.js";
import { ask } from "../shell/api.js";

/** @typedef {import("maplibre-gl").StyleSpecification} Style */
/** @typedef {import("maplibre-gl").LayerSpecification} Layer */
/** @typedef {import("../types").LegendGroup} Group */

/** Sources and layers of the page's own begin so: they outlast a change of style. */
export const OWN = "own-";
export { HOME_STYLE };
/** The page's letters, drawn by the browser: no glyph is fetched. */
const LETTERS = /** @type {Record<string, string>} */ ({ "Noto Sans Regular": "Emprise", "Noto Sans Bold": "Emprise Medium" });

/** @type {Map<string, Style>} */
const known = new Map();
/** Groups of the legend that are not shown, and how much of the others shows through. */
export const hidden = /** @type {Set<string>} */ (new Set());
export const opacities = /** @type {Map<string, number>} */ (new Map());

/** A style as the page draws it. @param {string} path @returns {Promise<Style>} */
export async function loadStyle(path) {
  const address = inReadersWay(path);
  const style = known.get(address) ?? (await adapt(await soon(address)));
  known.set(address, style);
  return style;
}

/** @param {string} address */
async function soon(address) {
  return (await early(address)) ?? ask(address);
}

/** @param {Style} style @returns {Promise<Style>} */
async function adapt({ glyphs: _, ...style }) {
  const sources = await Promise.all(Object.entries(style.sources).map(async ([id, source]) => [id, await described(source)]));
  return { ...style, sources: Object.fromEntries(sources), layers: style.layers.map(lettered) };
}

/** @type {Map<string, Promise<any>>} */
const descriptions = new Map();

/** A source that tells where its tiles are: the map asks for them at once, not first for their description. @param {any} source */
async function described({ url, ...source }) {
  if (source.type !== "vector" || !url) return url ? { ...source, url } : source;
  const answer = descriptions.get(url) ?? soon(url);
  descriptions.set(url, answer);
  try {
    const { tiles, minzoom, maxzoom, bounds, scheme } = await answer;
    return { ...source, tiles, minzoom, maxzoom, ...(bounds && { bounds }), ...(scheme && { scheme }) };
  } catch {
    // The map asks again, and says what it hears.
    descriptions.delete(url);
    return { ...source, url };
  }
}

/** @param {Layer} layer @returns {Layer} */
function lettered(layer) {
  const fonts = /** @type {any} */ (layer.layout)?.["text-font"];
  if (!Array.isArray(fonts)) return layer;
  return /** @type {Layer} */ ({ ...layer, layout: { ...layer.layout, "text-font": [LETTERS[fonts[0]] ?? "Emprise"] } });
}

/** @typedef {{ path: string, change: (style: Style) => Style }} Wanted */
/** @type {Wanted} what was asked for last */
let wanted = { path: HOME_STYLE, change: (style) => style };
/** @type {Style | undefined} */
let base;
/** @type {Set<(style: Style) => void>} */
const listeners = new Set();

/** Told when another style is shown. @param {(style: Style) => void} listener @returns {() => void} to be told no more */
export function onStyle(listener) {
  listeners.add(listener);
  if (base) listener(base);
  return () => void listeners.delete(listener);
}

/** @param {Style} style */
export function begin(style) {
  base = style;
  for (const listener of listeners) listener(style);
}

/** The style that is shown, with all its layers. */
export function current() {
  return base;
}

/** Shows a style of the server under what the page draws itself. @param {import("maplibre-gl").Map} map @param {string} path @param {Wanted["change"]} [change] */
export async function showStyle(map, path, change = (style) => style) {
  const mine = (wanted = { path, change });
  const style = change(await loadStyle(path));
  if (wanted !== mine || style === base) return;
  base = style;
  map.setStyle(visible(style), { diff: true, transformStyle: keepOwn });
  for (const listener of listeners) listener(style);
}

/** The same in the colours of the scheme that is worn now. @param {import("maplibre-gl").Map} map */
export function showAgain(map) {
  return showStyle(map, wanted.path, wanted.change);
}

/** @param {Style | undefined} before @param {Style} next @returns {Style} */
function keepOwn(before, next) {
  const sources = Object.entries(before?.sources ?? {}).filter(([id]) => id.startsWith(OWN));
  const layers = (before?.layers ?? []).filter(({ id }) => id.startsWith(OWN));
  return { ...next, sources: { ...next.sources, ...Object.fromEntries(sources) }, layers: [...next.layers, ...layers] };
}

/** A style whose areas step back behind what is drawn over them. @param {number} share @returns {(style: Style) => Style} */
export function dimmed(share) {
  return (style) => ({ ...style, layers: style.layers.map((layer) => (groupOf(layer) && layer.type === "fill" ? /** @type {Layer} */ ({ ...layer, paint: { ...layer.paint, ...fades(layer, share) } }) : layer)) });
}

/** @param {Style} style */
export function visible(style) {
  return { ...style, layers: style.layers.map(faded) };
}

/** @param {Layer} layer */
export function groupOf(layer) {
  return /** @type {string | undefined} */ (/** @type {any} */ (layer.metadata)?.["emprise:group"]);
}

/** @param {Style | undefined} style */
export function legendOf(style) {
  return /** @type {Group[]} */ (/** @type {any} */ (style?.metadata)?.["emprise:legend"] ?? []);
}

/** @param {Layer} layer @returns {Layer} */
function faded(layer) {
  const group = groupOf(layer);
  if (!group) return layer;
  const off = hidden.has(group);
  const share = opacities.get(group) ?? 1;
  if (!off && share === 1) return layer;
  return /** @type {Layer} */ ({ ...layer, layout: { ...layer.layout, visibility: off ? "none" : "visible" }, paint: { ...layer.paint, ...fades(layer, share) } });
}

const OPACITY = /** @type {Record<string, string[]>} */ ({ fill: ["fill-opacity"], line: ["line-opacity"], circle: ["circle-opacity", "circle-stroke-opacity"], symbol: ["icon-opacity", "text-opacity"] });

/** @param {Layer} layer @param {number} share */
function fades(layer, share) {
  const paint = /** @type {Record<string, any>} */ (layer.paint ?? {});
  return Object.fromEntries((OPACITY[layer.type] ?? []).map((property) => [property, times(paint[property] ?? 1, share)]));
}

/** An opacity times a share; of one that depends on the zoom, its outputs. @param {any} value @param {number} share @returns {any} */
function times(value, share) {
  if (typeof value === "number") return value * share;
  if (Array.isArray(value) && value[0] === "interpolate") return value.map((part, at) => (at > 3 && at % 2 === 0 ? times(part, share) : part));
  if (Array.isArray(value) && !JSON.stringify(value).includes('"zoom"')) return ["*", value, share];
  return value;
}

/** Shows again what the reader turned on, off or down. @param {import("maplibre-gl").Map} map @param {string} group */
export function repaint(map, group) {
  for (const layer of base?.layers ?? []) {
    if (groupOf(layer) !== group || !map.getLayer(layer.id)) continue;
    map.setLayoutProperty(layer.id, "visibility", hidden.has(group) ? "none" : "visible");
    for (const [property, value] of Object.entries(fades(layer, opacities.get(group) ?? 1))) map.setPaintProperty(layer.id, /** @type {any} */ (property), value);
  }
}
