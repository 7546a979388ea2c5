// What bears on a plot, told strictest first: the sentence, how much of the plot, by which law, from which source.
import { meter } from "../chart/meter.js";
import { h, link, list } from "../shell/dom.js";
import { askText } from "../shell/api.js";
import { save } from "../shell/files.js";
import { say } from "../shell/note.js";
import { openPaper } from "../shell/paper.js";
import { number, percent, quantity, told, word } from "../shell/language.js";
import { words } from "../words/index.js";

/** Effects from the strictest to none at all. */
const ORDER = ["forbidden", "subject-to-assessment", "case-by-case", "action-required", "to-be-checked", "not-available", "not-concerned"];

/** @param {string} effect */
const rankOf = (effect) => (ORDER.includes(effect) ? ORDER.indexOf(effect) : ORDER.length);

/** @param {string} effect */
function effectName(effect) {
  const key = `effect-${effect}`;
  return key in words ? word(/** @type {any} */ (key)) : effect;
}

/**
 * @param {any} answer
 * @param {{ provenance: import("../types").Provenance, hover: (id: string | undefined) => void, see: (geometry: any) => void, dossier: (form: string) => { path: string, options: RequestInit } }} told_
 */
export function findingsOf(answer, { provenance, hover, see, dossier }) {
  const { zoning } = answer;
  const findings = answer.features.filter((/** @type {any} */ one) => one.properties.effect).sort((/** @type {any} */ a, /** @type {any} */ b) => rankOf(a.properties.effect) - rankOf(b.properties.effect));
  const themes = new Map(zoning.themes.map((/** @type {any} */ theme) => [theme.theme, told(theme.title)]));
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  const choose = (/** @type {string} */ id) => {
    for (const [key, row] of rows) row.toggleAttribute("data-marked", key === id);
    hover(id);
  };
  const row = (/** @type {any} */ feature) => {
    const element = findingRow(feature, String(themes.get(feature.properties.theme) ?? ""), provenance, see);
    element.addEventListener("pointerenter", () => choose(feature.id));
    element.addEventListener("focusin", () => choose(feature.id));
    rows.set(feature.id, element);
    return element;
  };
  const bearing = findings.filter((/** @type {any} */ { properties }) => !["not-concerned"].includes(properties.effect));
  const rest = findings.filter((/** @type {any} */ { properties }) => properties.effect === "not-concerned");
  const clear = zoning.themes.filter((/** @type {any} */ { effect }) => effect === "not-concerned");
  const missing = zoning.themes.filter((/** @type {any} */ { effect }) => effect === "not-available");
  const element = h(
    "div",
    { class: "checked" },
    head(zoning, answer, see),
    zoning.duties?.length > 0 && h("ul", { class: "duties" }, ...zoning.duties.map((/** @type {any} */ duty) => h("li", { class: `effect ${duty.effect}` }, h("b", {}, effectName(duty.effect)), h("p", {}, told(duty.sentence)), h("small", {}, duty.law?.reference ?? "")))),
    h("h3", {}, word("findings", { count: bearing.length })),
    h("ol", { class: "bearing" }, ...bearing.map(row)),
    missing.length > 0 && h("p", { class: "hint" }, word("noDataFor", { list: missing.map((/** @type {any} */ theme) => told(theme.title)).join(", ") })),
    clear.length > 0 && h("p", { class: "hint" }, word("nothingFrom", { list: clear.map((/** @type {any} */ theme) => told(theme.title)).join(", ") })),
    rest.length > 0 && h("details", {}, h("summary", {}, word("noEffect", { count: rest.length })), h("ol", { class: "bearing" }, ...rest.map(row))),
    nearby(zoning),
    h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => print(dossier("html"), zoning.plot.label).catch(failed) }, word("dossierToPrint")), ...Object.entries({ html: word("saveDossier"), csv: "CSV", geojson: "GeoJSON" }).map(([form, name]) => h("button", { type: "button", class: "quiet", onclick: () => take(dossier(form), form, zoning.plot.label).catch(failed) }, name))),
    h("p", { class: "hint" }, told(zoning.reserve)),
  );
  return { element, choose };
}

/** @param {any} zoning @param {any} answer @param {(geometry: any) => void} see */
function head(zoning, answer, see) {
  const { plot, buildable, strictest } = zoning;
  const ground = answer.features.find((/** @type {any} */ one) => one.id === "buildable")?.geometry;
  return h(
    "header",
    {},
    h("p", { class: "kind" }, plot.label === "drawing" ? word("drawnPlot") : plot.label),
    h("p", { class: `strictest effect ${strictest}` }, h("b", {}, effectName(strictest))),
    list([[word("plotArea"), quantity(plot.area_m2, "m2")]]),
    buildable && h("div", { class: "net" }, h("button", { type: "button", class: "plain", disabled: !ground, onclick: () => ground && see(ground) }, h("span", {}, word("netArea")), h("b", {}, quantity(buildable.area_m2, "m2")), h("small", {}, percent(buildable.share))), meter(buildable.share)),
  );
}

/** @param {any} feature @param {string} theme @param {import("../types").Provenance} provenance @param {(geometry: any) => void} see */
function findingRow({ properties, geometry }, theme, provenance, see) {
  const layer = provenance.layers.find(({ id }) => id === properties.layer);
  const where = properties.relation === "near" ? word("atDistance", { distance: quantity(properties.distance_m, "m") }) : properties.overlap_m2 > 0 ? `${quantity(properties.overlap_m2, "m2")} · ${word("ofThePlot", { share: percent(properties.overlap_share) })}` : "";
  const rules = (properties.rules ?? []).map((/** @type {any} */ rule) => h("li", {}, h("p", {}, told(rule.sentence)), rule.doubts?.length > 0 && h("p", { class: "hint" }, word("dependsOn", { list: rule.doubts.map(doubt).join(", ") })), rule.law?.reference && h("small", {}, rule.law.reference)));
  const shown = Object.entries(properties.shown ?? {}).filter(([, value]) => value !== null && value !== "").map(([column, value]) => /** @type {[string, string]} */ ([told(layer?.columns[column]?.title) || column, String(value)]));
  const source = [layer?.publisher, properties.vintage, properties.licence].filter(Boolean).join(" · ");
  return h(
    "li",
    { class: `effect ${properties.effect}` },
    h("button", { type: "button", class: "plain", disabled: !geometry, onclick: () => geometry && see(geometry) }, h("b", {}, effectName(properties.effect)), h("span", { class: "name" }, [theme, properties.name].filter(Boolean).join(" · ")), properties.regime && h("span", { class: "where" }, told(properties.regime)), where && h("span", { class: "where" }, where, properties.borderline ? ` · ${word("borderline")}` : "")),
    properties.overlap_share > 0 && meter(properties.overlap_share),
    h("details", {}, h("summary", {}, word("why")), h("ul", { class: "rules" }, ...rules), shown.length > 0 && list(shown), h("p", { class: "hint" }, source), properties.sheet && link(properties.sheet, word("officialSheet"))),
  );
}

/** What is not known of the project. @param {string} what */
function doubt(what) {
  const key = `doubt-${what}`;
  return key in words ? word(/** @type {any} */ (key)) : what;
}

/** @param {any} zoning */
function nearby(zoning) {
  if (!zoning.nearby?.length) return undefined;
  const rows = [...zoning.nearby].sort((a, b) => a.distance_m - b.distance_m).map((/** @type {any} */ one) => h("tr", {}, h("th", { scope: "row" }, told(one.title)), h("td", {}, one.name ?? one.id), h("td", {}, one.distance_m === 0 ? word("onThePlot") : quantity(one.distance_m, "m"))));
  return h("details", {}, h("summary", {}, word("nearby", { count: number(zoning.nearby.length) })), h("table", { class: "near" }, h("tbody", {}, ...rows)));
}

/** @param {unknown} error */
function failed(error) {
  say(word("failed", { why: error instanceof Error ? error.message : String(error) }), 8000);
}

/** In a tab of its own; as a file where the browser opens none. @param {{ path: string, options: RequestInit }} request @param {string} plot */
async function print(request, plot) {
  const page = askText(request.path, request.options);
  if (!(await openPaper(page))) await take(request, "html", plot, page);
}

/** @param {{ path: string, options: RequestInit }} request @param {string} form @param {string} plot @param {Promise<string>} [page] */
async function take({ path, options }, form, plot, page = askText(path, options)) {
  const name = plot === "drawing" ? "" : `-${plot.replace(/[^\w]+/g, "-").replace(/^-|-$/g, "")}`;
  save(`${word("dossierFile")}${name}.${form}`, await page, form === "html" ? "text/html" : form === "csv" ? "text/csv" : "application/geo+json");
}
