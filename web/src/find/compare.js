// Two to five sites side by side, criterion by criterion.
import { meter } from "../chart/meter.js";
import { ask } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { number, word } from "../shell/language.js";
import { reading, siteName } from "./naming.js";

/** @typedef {import("./desk.js").Desk} Desk */
export const MOST = 5;

/** @param {Desk} desk @param {string[]} keys @param {{ back: () => void, choose: (key: string) => void, drop: (key: string) => void }} told */
export async function comparison(desk, keys, { back, choose, drop }) {
  const answer = desk.answer;
  if (!answer) return h("div");
  const { sites } = await ask(`siting/${answer.id}/compare?sites=${encodeURIComponent(keys.join(","))}`);
  const shares = desk.shares();
  const best = (/** @type {string} */ criterion) => Math.max(...sites.map((/** @type {any} */ { site }) => site.findings.find((/** @type {any} */ one) => one.criterion === criterion)?.worth ?? -1));
  const head = sites.map((/** @type {any} */ { site, rank_among_passing }, /** @type {number} */ at) =>
    h("th", { scope: "col" }, h("button", { type: "button", class: "plain", onclick: () => choose(keys[at]) }, rank_among_passing ? `${rank_among_passing}. ${siteName(site)}` : siteName(site)), h("button", { type: "button", class: "drop", "aria-label": word("dropSite", { name: siteName(site) }), onclick: () => drop(keys[at]) }, "×")),
  );
  const rows = answer.criteria.map(({ name }) => {
    const top = best(name);
    const cells = sites.map((/** @type {any} */ { site }) => {
      const finding = site.findings.find((/** @type {any} */ one) => one.criterion === name);
      if (!finding) return h("td", {}, "–");
      const wins = finding.worth !== undefined && finding.worth === top && sites.length > 1;
      return h("td", { class: [finding.outcome === "fail" && "fails", wins && "wins"].filter(Boolean).join(" ") || undefined }, h("span", {}, reading(finding, desk.provenance)), finding.worth !== undefined && shares.has(name) && meter(finding.worth), finding.outcome === "fail" && h("small", {}, word("fail")));
    });
    return h("tr", {}, h("th", { scope: "row" }, name), ...cells);
  });
  const scores = sites.map((/** @type {any} */ { site }) => h("td", {}, h("b", {}, number(site.score * 100, 1)), meter(site.score)));
  return h(
    "article",
    { class: "comparison", "aria-label": word("comparison") },
    h("button", { type: "button", class: "back", onclick: back }, word("backToSites")),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": word("comparison") }, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, word("criterion")), ...head)), h("tbody", {}, h("tr", { class: "total" }, h("th", { scope: "row" }, word("score")), ...scores), ...rows))),
  );
}
