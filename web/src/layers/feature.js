// The sheet of a feature, in the panel over the door: its attributes as text, whose they are, and what can be done from here.
import { takeClicks } from "../map/inspect.js";
import { collection, colour, draw, erase } from "../map/own.js";
import { boxOf, goTo, positionsOf } from "../map/open.js";
import { ApiError, ask } from "../shell/api.js";
import { byId, h, list } from "../shell/dom.js";
import { date, language, number, quantity, told, word } from "../shell/language.js";
import { go, onRoute, param } from "../shell/route.js";
import { raiseSheet } from "../shell/sheet.js";
import { provenanceOf, titleOf } from "./legend.js";

/** @typedef {import("maplibre-gl").MapGeoJSONFeature} Feature */
/** @typedef {{ layer: string, id: string, name: string }} Other */

/** Levels of territories by the layers that hold them. */
export const LEVELS = /** @type {Record<string, string>} */ ({ communes: "commune", epci: "epci", departements: "departement", regions: "region", "industry-territories": "industry-territory" });

/** @param {import("../types").Place} place */
export function openFeature({ map, provenance }) {
  const sheet = h("aside", { id: "feature", "aria-label": word("feature"), hidden: true });
  byId("view").before(sheet);
  /** @type {Other[]} what else lies where was clicked */
  let others = [];
  let shown = "";
  let clicked = false;

  takeClicks((features) => {
    others = features.flatMap(({ sourceLayer, properties, id }) => (sourceLayer && provenance.layers.some((layer) => layer.id === sourceLayer) ? [{ layer: sourceLayer, id: String(properties.id ?? id), name: String(properties.name ?? properties.id ?? id) }] : []));
    clicked = true;
    go({ feature: others[0] && `${others[0].layer}/${others[0].id}` });
    return true;
  });

  const hide = () => {
    shown = "";
    sheet.hidden = true;
    byId("view").hidden = false;
    erase(map, "feature");
  };
  const show = async () => {
    const key = param("feature");
    if (!key) return hide();
    if (key === shown) return;
    shown = key;
    const approach = !clicked;
    clicked = false;
    const [layer, ...rest] = key.split("/");
    const known = provenance.layers.find((one) => one.id === layer);
    try {
      const feature = await ask(`collections/${encodeURIComponent(layer)}/items/${encodeURIComponent(rest.join("/"))}`);
      if (shown !== key) return;
      sheet.replaceChildren(...content(key, known, feature));
      outline(feature, approach);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      sheet.replaceChildren(close(), h("p", { class: "problem" }, error.message));
    }
    sheet.hidden = false;
    byId("view").hidden = true;
    raiseSheet();
    /** @type {HTMLElement | null} */ (sheet.querySelector("h2"))?.focus({ preventScroll: true });
  };

  const close = () => h("button", { type: "button", class: "back", onclick: () => (go({ feature: undefined }), byId("view").focus({ preventScroll: true })) }, word("back_"));
  const content = (/** @type {string} */ key, /** @type {import("../types").LayerProvenance | undefined} */ layer, /** @type {any} */ feature) => {
    const name = String(feature.properties.name ?? feature.id);
    const rows = Object.entries(feature.properties).filter(([column, value]) => column !== "id" && value !== null && value !== name).map(([column, value]) => /** @type {[string, string]} */ ([told(layer?.columns[column]?.title) || column, reading(value, layer?.columns[column])]));
    const more = others.filter((other) => `${other.layer}/${other.id}` !== key).slice(0, 12).map((other) => h("li", {}, h("button", { type: "button", class: "plain", onclick: () => ((clicked = true), go({ feature: `${other.layer}/${other.id}` })) }, h("span", { class: "name" }, other.name), h("span", { class: "where" }, told(provenance.layers.find(({ id }) => id === other.layer)?.title)))));
    return [
      close(),
      h("p", { class: "kind" }, layer ? titleOf(layer) : ""),
      h("h2", { tabindex: "-1" }, name),
      actions(key, layer, feature),
      list(rows),
      more.length > 0 && h("h3", {}, word("others")),
      more.length > 0 && h("ul", { class: "misses" }, ...more),
      layer && h("details", {}, h("summary", {}, word("about")), provenanceOf(layer)),
    ].filter((part) => part !== false && part !== undefined);
  };
  const outline = (/** @type {GeoJSON.Feature} */ feature, /** @type {boolean} */ approach) => {
    const accent = colour("--accent");
    draw(map, "feature", collection(feature.geometry ? [{ ...feature, properties: {} }] : []), [
      { type: "line", paint: { "line-color": accent, "line-width": 3 } },
      { type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 10, "circle-color": "transparent", "circle-stroke-color": accent, "circle-stroke-width": 3 } },
    ]);
    if (approach && feature.geometry) goTo(map, boxOf(positionsOf(feature.geometry)), 14);
  };
  onRoute(show);
  show();
}

/** @param {string} key @param {import("../types").LayerProvenance | undefined} layer @param {any} feature */
function actions(key, layer, feature) {
  const to = (/** @type {string} */ text, /** @type {Record<string, string>} */ changes) => h("button", { type: "button", class: "quiet", onclick: () => go(changes, { only: true }) }, text);
  const level = layer && LEVELS[layer.id];
  return h(
    "div",
    { class: "actions" },
    level && to(word("knowThis"), { door: "know", at: `${level}/${feature.properties.code ?? feature.id}` }),
    layer?.geometry === "polygon" && layer.role !== "territory" && to(word("checkThis"), { door: "check", plot: key }),
  );
}

/** @param {unknown} value @param {import("../types").Column | undefined} column */
function reading(value, column) {
  if (typeof value === "boolean") return word(value ? "yes" : "no");
  // A year is no quantity.
  if (typeof value === "number") return column?.unit ? quantity(value, column.unit) : Number.isInteger(value) && Math.abs(value) < 10_000 ? String(value) : number(value);
  if (column?.type === "date" && typeof value === "string" && !Number.isNaN(Date.parse(value))) return date(Date.parse(value));
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return (language === "fr" && column?.words[text]) || text;
}
