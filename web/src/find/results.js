// The side of the sites: the ranked list, or the sheet of one, or several side by side, as the address says.
import { ask } from "../shell/api.js";
import { byId, h } from "../shell/dom.js";
import { number, word } from "../shell/language.js";
import { say } from "../shell/note.js";
import { go, param } from "../shell/route.js";
import { goTo, boxOf } from "../map/open.js";
import { raiseSheet } from "../shell/sheet.js";
import { comparison, MOST } from "./compare.js";
import { reason, siteName } from "./naming.js";
import { keyOf, ranking } from "./ranking.js";
import { relaxing } from "./relax.js";
import { siteSheet } from "./site.js";
import { drawChosen } from "./sites-map.js";

/** @typedef {import("../types").Site} Site */

/**
 * @param {import("./desk.js").Desk} desk
 * @param {{ map: import("maplibre-gl").Map, paint: () => void, failed: (error: unknown) => void, hover: (site: Site | undefined) => void, narrow: (tab: string) => void }} told
 */
export function sheetOf(desk, { map, paint, failed, hover, narrow }) {
  const compared = () => (param("compare") ?? "").split(" ").filter(Boolean);
  const list = ranking({ choose: (site) => go({ site: keyOf(site) }), hover, compare, compared });
  const chosen = h("button", { type: "button", class: "primary compare-now", hidden: true, onclick: () => go({ side: "compare", site: undefined }) });
  const relax = relaxing(desk, (key) => go({ site: key }));
  const undecided = h("details", { class: "undecided-sites", hidden: true });
  const empty = h("p", { class: "lead" }, word("noSites"));
  const all = h("div", { class: "all" }, chosen, empty, list.element, undecided, relax.element);
  const one = h("div", { class: "one", hidden: true });
  const element = h("div", {}, all, one);
  /** @type {Site | undefined} a site that is not among those the page holds */
  let extra;

  function compare(/** @type {string} */ key, /** @type {boolean} */ on) {
    const keys = compared().filter((other) => other !== key);
    if (on && keys.length >= MOST) return say(word("compareMost", { count: MOST }), 5000);
    go({ compare: [...keys, ...(on ? [key] : [])].join(" ") || undefined }, { replace: true, silent: true });
    offer();
  }
  const offer = () => {
    const count = compared().length;
    chosen.hidden = count < 2;
    chosen.textContent = word("compareNow", { count });
  };
  const listed = (/** @type {string | undefined} */ key) => desk.answer?.sites.find((site) => keyOf(site) === key) ?? desk.answer?.undecided_sites.find((site) => keyOf(site) === key);
  const back = () => go({ site: undefined, side: undefined });

  const follow = async () => {
    const key = param("site");
    offer();
    list.mark(key);
    if (param("side") === "compare" && !key && compared().length >= 2) return side(await comparison(desk, compared(), { back, choose: (wanted) => go({ site: wanted }), drop: (wanted) => (compare(wanted, false), compared().length < 2 ? back() : follow()) }));
    if (!key || !desk.answer) {
      extra = undefined;
      one.replaceChildren();
      one.hidden = true;
      all.hidden = false;
      paint();
      return drawChosen(map, undefined);
    }
    const found = listed(key);
    const [layer, ...id] = key.split("/");
    const told = found ? undefined : await ask(`siting/${desk.answer.id}/sites/${encodeURIComponent(layer)}/${encodeURIComponent(id.join("/"))}`);
    const site = /** @type {Site} */ (found ?? told.site);
    extra = found ? undefined : site;
    if (told?.rank_among_passing) site.rank = told.rank_among_passing;
    const verdict = found ? (desk.answer.sites.includes(found) ? "pass" : "unknown") : told.verdict;
    side(siteSheet(desk, site, { back, compare, compared, see: ({ witness }) => witness?.way && goTo(map, boxOf(witness.way), 16), verdict }));
    paint();
    drawChosen(map, site, true);
  };
  const side = (/** @type {HTMLElement} */ content) => {
    const fresh = one.hidden || one.firstElementChild?.getAttribute("aria-label") !== content.getAttribute("aria-label");
    one.replaceChildren(content);
    one.hidden = false;
    all.hidden = true;
    byId("panel").dataset.compare = String(content.classList.contains("comparison"));
    narrow("sites");
    raiseSheet();
    if (fresh) /** @type {HTMLElement} */ (content.querySelector("h3, .back"))?.focus({ preventScroll: true });
  };
  const update = (/** @type {boolean} */ settled) => {
    const answer = desk.answer;
    if (!answer) return;
    list.update(answer, settled);
    empty.hidden = answer.passing > 0;
    undecided.hidden = answer.undecided_sites.length === 0;
    undecided.replaceChildren(h("summary", {}, word("undecidedList", { count: number(answer.undecided) })), h("ul", { class: "misses" }, ...answer.undecided_sites.slice(0, 20).map((site) => h("li", {}, h("button", { type: "button", class: "plain", onclick: () => go({ site: keyOf(site) }) }, h("span", { class: "name" }, siteName(site)), h("span", { class: "where" }, site.findings.filter(({ unknown }) => unknown).map(({ criterion, unknown }) => `${criterion} : ${reason(unknown)}`).join(" · ")))))));
    offer();
    if (!settled) return;
    relax.update();
    if (param("site") || param("side")) follow().catch(failed);
  };
  return {
    element,
    update,
    follow: () => follow().catch(failed),
    get extra() {
      return extra;
    },
    /** Whether a site is still in the answer. @param {string | undefined} key */
    holds: (key) => Boolean(listed(key) || desk.answer?.rest?.keys.includes(key ?? "")),
    /** A candidate that was hit on the map. @param {import("maplibre-gl").MapGeoJSONFeature[]} features */
    candidate(features) {
      const hit = features.find(({ sourceLayer }) => sourceLayer && desk.spec?.candidates.layers.includes(sourceLayer));
      return hit && `${hit.sourceLayer}/${hit.properties.id ?? hit.id}`;
    },
  };
}
