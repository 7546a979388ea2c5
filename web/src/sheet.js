// The sheet of a feature: its attributes as text, and where they come from.
import { byId, h } from "./dom.js";
import { language, number, quantity, word } from "./language.js";
import { list, provenanceOf, titleOf } from "./legend.js";

/** @typedef {import("./types").Provenance} Provenance */
/** @typedef {import("maplibre-gl").MapGeoJSONFeature} Feature */

/** Pixels around the pointer that count as a hit: a finger is not a needle. */
const REACH = 5;

/**
 * Opens the sheet on a click, or on Enter for what lies under the cross in the middle of the map.
 * @param {import("maplibre-gl").Map} map
 * @param {import("maplibre-gl").StyleSpecification} style
 * @param {Provenance} provenance
 */
export function inspectOn(map, style, provenance) {
  const asked = style.layers.filter((layer) => !(/** @type {any} */ (layer.metadata)?.["emprise:ground"]) && "source" in layer).map((layer) => layer.id);
  const look = (/** @type {{x: number, y: number}} */ at) => {
    const layers = asked.filter((id) => map.getLayer(id));
    const found = map.queryRenderedFeatures([[at.x - REACH, at.y - REACH], [at.x + REACH, at.y + REACH]], { layers });
    show(distinct(found), provenance);
  };
  map.on("click", (event) => {
    if (!event.defaultPrevented) look(event.point);
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === "Enter") look(map.project(map.getCenter()));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}

/** One entry per feature, though several style layers draw it. @param {Feature[]} found */
function distinct(found) {
  const seen = new Map(found.map((feature) => [`${feature.sourceLayer} ${feature.properties.id ?? feature.id}`, feature]));
  return [...seen.values()];
}

/** @param {Feature[]} features @param {Provenance} provenance */
function show(features, provenance) {
  const known = features.filter((feature) => layerOf(feature, provenance));
  if (known.length === 0) return hide();
  const [first, ...others] = known;
  const sheet = byId("sheet");
  const back = /** @type {HTMLElement | null} */ (document.activeElement);
  const close = h("button", { class: "close", "aria-label": word("close"), title: word("close"), onclick: () => (hide(), back?.focus()) }, "×");
  const more = others.map((feature) => {
    const turn = () => show([feature, ...known.filter((other) => other !== feature)], provenance);
    return h("li", {}, h("button", { class: "plain", onclick: turn }, `${titleOf(layerOf(feature, provenance))} · ${name(feature)}`));
  });
  sheet.replaceChildren(close, ...attributes(first, provenance), ...(more.length ? [h("h4", {}, word("others")), h("ul", { class: "others" }, ...more)] : []));
  sheet.hidden = false;
  sheet.focus();
}

function hide() {
  byId("sheet").hidden = true;
}

/** @param {Feature} feature @param {Provenance} provenance @returns {any} */
function layerOf(feature, provenance) {
  return provenance.layers.find((layer) => layer.id === feature.sourceLayer);
}

/** @param {Feature} feature */
function name({ properties, id }) {
  return String(properties.name ?? properties.id ?? id ?? "");
}

/** @param {Feature} feature @param {Provenance} provenance */
function attributes(feature, provenance) {
  const layer = layerOf(feature, provenance);
  const shown = Object.entries(feature.properties).filter(([key, value]) => key !== "id" && value !== name(feature));
  const rows = shown.map(([key, value]) => {
    const column = layer.columns[key];
    return /** @type {[string, string]} */ ([column?.title?.[language] ?? key, reading(value, column)]);
  });
  return [h("p", { class: "kind" }, titleOf(layer)), h("h3", {}, name(feature)), list(rows), h("details", { open: true }, h("summary", {}, word("about")), provenanceOf(layer))];
}

/** @param {unknown} value @param {import("./types").Column | undefined} column */
function reading(value, column) {
  if (typeof value === "boolean") return word(value ? "yes" : "no");
  if (typeof value === "number") return column?.unit ? quantity(value, column.unit) : Number.isInteger(value) ? String(value) : number(value);
  const text = String(value);
  return (language === "fr" && column?.words[text]) || text;
}
