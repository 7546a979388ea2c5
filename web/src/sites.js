// The ranked sites of the example specification: the list in the panel, numbered on the map, each with its reasons.
import { LngLat, LngLatBounds } from "maplibre-gl";

import { ApiError, ask, askText } from "./api.js";
import { byId, h } from "./dom.js";
import { language, number, quantity, word } from "./language.js";
import { room } from "./map.js";
import { drawSites, drawWitnesses } from "./sites-map.js";

/** @typedef {import("./types").Answer} Answer */
/** @typedef {import("./types").Site} Site */
/** @typedef {import("./types").Finding} Finding */

/** @param {import("maplibre-gl").Map} map */
export async function showSites(map) {
  const place = byId("sites");
  place.hidden = false;
  try {
    const body = await askText(`siting/example?lang=${language}`);
    const answer = /** @type {Answer} */ (await ask("siting", { method: "POST", body, headers: { "content-type": "application/yaml" } }));
    place.replaceChildren(h("h2", {}, answer.title ?? word("sites")), h("p", { class: "lede" }, summary(answer)));
    if (answer.sites.length > 0) rank(map, place, answer);
    place.append(removed(answer));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    place.replaceChildren(h("h2", {}, word("sites")), h("p", { class: "lede" }, word("noExample", { why: error.message })));
  }
}

/** @param {Answer} answer */
function summary({ passing, undecided, candidates }) {
  const passed = passing === 0 ? word("noSites") : word("siteSummary", { kept: number(passing), total: number(candidates.considered) });
  return undecided === 0 ? passed : `${passed} ${word("undecided", { count: number(undecided) })}`;
}

/** What each requirement cost. @param {Answer} answer */
function removed({ requirements }) {
  const rows = requirements.map(({ criterion, required, removed }) => h("li", {}, `${criterion} ${required} : `, h("b", {}, `−${number(removed)}`)));
  return h("details", { class: "removed" }, h("summary", {}, word("removed")), h("ul", {}, ...rows));
}

/** @param {import("maplibre-gl").Map} map @param {HTMLElement} place @param {Answer} answer */
function rank(map, place, { sites, criteria }) {
  const shares = new Map(criteria.map(({ name, share }) => [name, share]));
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  const choose = (/** @type {number} */ index) => {
    const opened = buttons[index].getAttribute("aria-expanded") === "true";
    buttons.forEach((button, other) => open(button, other === index && !opened));
    drawn.select(opened ? undefined : sites[index]);
    drawWitnesses(map, opened ? undefined : sites[index]);
    if (!opened) approach(map, sites[index]);
  };
  const drawn = drawSites(map, sites, (index) => {
    if (buttons[index].getAttribute("aria-expanded") !== "true") choose(index);
    place.querySelectorAll("li[hidden]").forEach((row) => row.removeAttribute("hidden"));
    place.querySelector(".more")?.remove();
    buttons[index].scrollIntoView({ block: "nearest" });
  });
  const rows = sites.map((site, index) => {
    const button = h(
      "button",
      { "aria-expanded": "false", onclick: () => choose(index) },
      h("span", { class: "rank", "aria-label": word("rank", { rank: String(site.rank) }) }, String(site.rank)),
      h("span", {}, h("span", { class: "name" }, site.name ?? site.commune?.name ?? site.id), h("br"), h("span", { class: "where" }, where(site))),
      h("span", { class: "score", title: word("score") }, number(site.score * 100, 0)),
      meter(site.score),
    );
    buttons.push(button);
    return h("li", {}, button, h("div", { class: "reasons", hidden: true }, h("h3", { class: "small" }, word("contributions")), h("ul", {}, ...site.findings.map((finding) => reason(finding, shares.get(finding.criterion))))));
  });
  place.append(h("ol", { class: "ranking" }, ...rows), ...more(rows));
}

/** Sites shown before the reader asks for more: the legend below stays in sight. */
const FIRST = 5;

/** Hides the rows after the first ones behind a button. @param {HTMLLIElement[]} rows */
function more(rows) {
  const later = rows.slice(FIRST);
  for (const row of later) row.hidden = true;
  if (later.length === 0) return [];
  const button = h("button", { class: "plain more" }, word("moreSites", { count: number(later.length) }));
  button.addEventListener("click", () => {
    for (const row of later) row.hidden = false;
    button.remove();
    later[0].querySelector("button")?.focus();
  });
  return [button];
}

/** @param {HTMLButtonElement} button @param {boolean} opened */
function open(button, opened) {
  button.setAttribute("aria-expanded", String(opened));
  const reasons = /** @type {HTMLElement} */ (button.nextElementSibling);
  reasons.hidden = !opened;
}

/** @param {Site} site */
function where({ name, commune, area_m2, id }) {
  const place = name === null ? id : commune?.name;
  return [place, area_m2 !== null && quantity(area_m2, "m2")].filter(Boolean).join(" · ");
}

/** One criterion: what was measured, of what, and how much of its share it earns. @param {Finding} finding @param {number | undefined} share */
function reason({ criterion, value, unit, at_least, outcome, borderline, contribution, witness }, share) {
  const verdict = borderline ? "borderline" : outcome;
  const details = [witness && (witness.name ?? witness.id), verdict && word(verdict)].filter(Boolean).join(" · ");
  return h(
    "li",
    { class: "reason" },
    h("b", {}, criterion),
    h("span", {}, (at_least ? "≥ " : "") + reading(value, unit)),
    details !== "" && h("span", { class: "detail" }, details),
    contribution !== undefined && share !== undefined && meter(contribution / share),
  );
}

/** @param {Finding["value"]} value @param {string | undefined} unit */
function reading(value, unit) {
  if (value === null) return word("unknown");
  if (typeof value === "number") return quantity(value, unit);
  return typeof value === "boolean" ? word(value ? "yes" : "no") : value;
}

/** A bar from 0 to 1, for the eyes: its number stands beside it. @param {number} value */
function meter(value) {
  const bar = h("i");
  bar.style.width = `${Math.round(value * 100)}%`;
  return h("span", { class: "meter", "aria-hidden": "true" }, bar);
}

/** Shows a site and its witnesses. @param {import("maplibre-gl").Map} map @param {Site} site */
function approach(map, { lon, lat, area_m2, findings }) {
  if (lon === null || lat === null) return;
  const bounds = LngLatBounds.fromLngLat(new LngLat(lon, lat), Math.sqrt(area_m2 ?? 0) + 150);
  for (const { witness } of findings) for (const end of witness?.way ?? []) bounds.extend(end);
  map.fitBounds(bounds, { padding: room(), maxZoom: 15, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
}
