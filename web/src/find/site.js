// The sheet of a site: what each criterion found, what it adds, who witnessed it, what is unknown, and whose number it is.
import { meter } from "../chart/meter.js";
import { bubble } from "../shell/bubble.js";
import { h, link, list } from "../shell/dom.js";
import { number, quantity, told, word } from "../shell/language.js";
import { addressOf, go } from "../shell/route.js";
import { amount, layerName, layersOf, reading, reason, required, siteName } from "./naming.js";
import { keyOf } from "./ranking.js";
import { at } from "./spec.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("../types").Site} Site */
/** @typedef {import("../types").Finding} Finding */

/**
 * @param {Desk} desk @param {Site} site
 * @param {{ back: () => void, compare: (key: string, on: boolean) => void, compared: () => string[], see: (finding: Finding) => void, verdict?: string }} told
 */
export function siteSheet(desk, site, { back, compare, compared, see, verdict }) {
  const key = keyOf(site);
  const on = compared().includes(key);
  const answer = desk.answer;
  const interval = site.rank_interval && site.rank_interval[0] !== site.rank_interval[1] && word("rankBetween", { from: site.rank_interval[0], to: site.rank_interval[1] });
  return h(
    "article",
    { class: "site", "aria-label": siteName(site) },
    h("button", { type: "button", class: "back", onclick: back }, word("backToSites")),
    h("header", {}, site.rank > 0 && h("span", { class: "rank" }, String(site.rank)), h("div", {}, h("h3", { tabindex: "-1" }, siteName(site)), h("p", { class: "where" }, [layerName(site.layer, desk.provenance), site.commune?.name, site.area_m2 !== null && quantity(site.area_m2, "m2"), site.id].filter(Boolean).join(" · "))), h("p", { class: "score" }, number(site.score * 100, 0), h("small", {}, "/100"))),
    verdict && verdict !== "pass" && h("p", { class: `verdict ${verdict}` }, word(verdict === "fail" ? "siteFails" : "siteUndecided")),
    interval && h("p", { class: "hint" }, interval),
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", class: "quiet", "aria-pressed": String(on), onclick: (/** @type {any} */ event) => (compare(key, event.currentTarget.getAttribute("aria-pressed") !== "true"), event.currentTarget.setAttribute("aria-pressed", String(compared().includes(key)))) }, word("compare")),
      h("a", { class: "quiet", href: addressOf({ door: "check", plot: key }), onclick: (/** @type {MouseEvent} */ event) => (event.preventDefault(), go({ door: "check", plot: key }, { only: true })) }, word("checkThis")),
      answer && h("a", { class: "quiet", href: `siting/${answer.id}.html?lang=${document.documentElement.lang}`, target: "_blank" }, word("dossier")),
    ),
    h("h4", {}, word("contributions")),
    h("ul", { class: "findings" }, ...site.findings.map((finding) => row(desk, finding, see))),
  );
}

/** @param {Desk} desk @param {Finding} finding @param {(finding: Finding) => void} see */
function row(desk, finding, see) {
  const { criterion, outcome, borderline, contribution, worth, witness, unknown } = finding;
  const head = desk.answer?.criteria.find(({ name }) => name === criterion);
  const most = Math.max(0.01, ...(desk.answer?.criteria ?? []).map(({ share }) => share ?? 0));
  const share = head?.share;
  const notes = [head?.required && `${word(outcome === "pass" ? "asked" : outcome === "fail" ? "askedNot" : "askedUnknown")} ${required(head.required, desk.provenance)}`, borderline && word("borderline"), unknown && reason(unknown)].filter(Boolean);
  const mark = outcome && h("span", { class: `mark ${borderline ? "borderline" : outcome}`, title: word(outcome) }, h("span", { class: "visually-hidden" }, word(outcome)));
  return h(
    "li",
    {},
    h("div", { class: "line" }, mark, h("b", {}, criterion), bubble(reading(finding, desk.provenance), () => sourcesOf(desk, finding))),
    witness && h("button", { type: "button", class: "plain witness", onclick: () => see(finding) }, witness.name ?? witness.id),
    notes.length > 0 && h("p", { class: "detail" }, notes.join(" · ")),
    share !== undefined && h("div", { class: "adds" }, meter(worth ?? (contribution ?? 0) / share, share / most), h("span", {}, contribution === undefined ? word("unknown") : `+${number(contribution * 100, 1)}`, h("small", {}, ` / ${number(share * 100, 1)}`))),
  );
}

/** @param {Desk} desk @param {Finding} finding */
function sourcesOf(desk, { criterion, witness, value, unit }) {
  const asked = at(desk.spec, criterion);
  const named = witness ? [witness.layer] : asked ? layersOf(asked) : [];
  const layers = named.length ? named : desk.spec.candidates.layers;
  const sources = (desk.answer?.sources ?? []).filter(({ layer }) => layers.includes(layer));
  const exact = typeof value === "number" && h("p", {}, `${number(value, 6)} ${unit ?? ""}`);
  return [exact, ...sources.map(({ title, publisher, licence, vintage, address, precision_m }) =>
    h("div", {}, h("b", {}, told(title)), list([[word("publisher"), link(address, publisher)], [word("licence"), licence], [word("vintage"), vintage], [word("precision"), `± ${amount(precision_m, "m")}`]])),
  ), h("p", { class: "hint" }, word("measuredBy", { id: desk.answer?.snapshot ?? "" }))].filter((part) => part !== false);
}
