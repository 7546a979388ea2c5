// The labour market of a territory: who lives, works, comes and goes, how far and by which means.
import { bars, shares } from "../chart/bars.js";
import { sankey } from "../chart/sankey.js";
import { h } from "../shell/dom.js";
import { number, percent, told, word } from "../shell/language.js";
import { words } from "../words/index.js";

/** Partners shown; the others are summed. */
const PARTNERS = 5;

/** @param {any} portrait @param {any} [other] the same of the territory it is compared with */
export function labour(portrait, other) {
  const { totals } = portrait;
  const count = (/** @type {number} */ value) => number(value, 0);
  const row = (/** @type {"residents_at_work" | "jobs_taken" | "internal" | "outgoing" | "incoming"} */ key) => ({ name: word(`total-${key}`), value: totals[key], text: count(totals[key]), other: other && { value: other.totals[key], text: count(other.totals[key]) } });
  const share = (/** @type {"self_containment_residents" | "self_containment_jobs"} */ key) => totals[key] !== null && totals[key] !== undefined && { name: word(`total-${key}`), value: totals[key], text: percent(totals[key]), other: other && { value: other.totals[key] ?? 0, text: percent(other.totals[key] ?? 0) } };
  const contained = [share("self_containment_residents"), share("self_containment_jobs")].filter((one) => one !== false);
  return h(
    "section",
    { class: "labour" },
    h("h3", {}, word("labourTitle")),
    bars([row("residents_at_work"), row("jobs_taken"), row("internal"), row("incoming"), row("outgoing")], word("labourTitle")),
    contained.length > 0 && bars(contained, word("labourTitle"), 1),
    partners(portrait),
    distances(portrait, other),
    modes(portrait),
    h("p", { class: "hint" }, [portrait.source.publisher, portrait.source.vintage].join(" · "), ". ", portrait.notes.map(told).join(" ")),
  );
}

/** @param {any} portrait */
function partners({ totals, incoming, outgoing }) {
  const side = (/** @type {any} */ of) => {
    const named = of.shown.filter((/** @type {any} */ { code }) => code !== null).slice(0, PARTNERS).map((/** @type {any} */ one) => ({ name: told(one.name), value: one.workers, text: number(one.workers, 0) }));
    const rest = of.total - named.reduce((/** @type {number} */ sum, /** @type {any} */ { value }) => sum + value, 0);
    return rest >= 1 ? [...named, { name: word("othersSum"), value: rest, text: number(rest, 0) }] : named;
  };
  const [from, to] = [side(incoming), side(outgoing)];
  if (from.length + to.length === 0) return h("p", { class: "hint" }, word("noPartners"));
  const rows = [incoming, outgoing].flatMap((of, at) => of.shown.map((/** @type {any} */ one) => h("tr", { class: one.caution ? "faint" : undefined }, h("td", {}, word(at === 0 ? "comesFrom" : "goesTo")), h("th", { scope: "row" }, told(one.name)), h("td", {}, number(one.workers, 0)), h("td", {}, one.caution ? word("caution") : ""))));
  return h(
    "figure",
    {},
    h("figcaption", { class: "sides" }, h("span", {}, word("comeHere")), h("span", {}, word("stayHere", { count: number(totals.internal, 0) })), h("span", {}, word("goAway"))),
    sankey(from, to, word("partnersLabel")),
    h("details", {}, h("summary", {}, word("inTable")), h("table", { class: "near" }, h("tbody", {}, ...rows))),
  );
}

/** @param {any} portrait @param {any} other */
function distances({ distances: of }, other) {
  const side = of?.residents;
  if (!side) return undefined;
  const total = side.bands.reduce((/** @type {number} */ sum, /** @type {any} */ { workers }) => sum + workers, 0) || 1;
  const name = (/** @type {any} */ { kind, from_km, to_km }) => (kind === "same-commune" ? word("sameCommune") : kind === "not-measured" ? word("notMeasured") : to_km ? word("kmBetween", { from: from_km, to: to_km }) : word("kmBeyond", { from: from_km }));
  const rows = side.bands.filter((/** @type {any} */ { workers }) => workers > 0).map((/** @type {any} */ band) => ({ name: name(band), value: band.workers, text: percent(band.workers / total) }));
  const median = side.median_km !== null && side.median_km !== undefined ? word("medianKm", { km: number(side.median_km, 1), other: other?.distances?.residents?.median_km ? ` (${number(other.distances.residents.median_km, 1)} km)` : "" }) : "";
  return h("figure", {}, h("h4", {}, word("distanceTitle")), bars(rows, word("distanceTitle")), h("p", { class: "hint" }, median));
}

/** @param {any} portrait */
function modes({ modes: of }) {
  if (!of?.residents?.length) return undefined;
  const name = (/** @type {string} */ mode) => (`mode-${mode}` in words ? word(/** @type {any} */ (`mode-${mode}`)) : mode);
  return h("figure", {}, h("h4", {}, word("modesTitle", { vintage: of.source?.vintage ?? "" })), shares(of.residents.map((/** @type {any} */ one) => ({ name: name(one.mode), share: one.share, text: percent(one.share) })), word("modesTitle", { vintage: of.source?.vintage ?? "" })));
}
