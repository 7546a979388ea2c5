// The ranked list: each site with its score as a bar of what adds to it; chosen here, it is chosen on the map.
import { stack } from "../chart/meter.js";
import { h } from "../shell/dom.js";
import { number, quantity, word } from "../shell/language.js";
import { siteName } from "./naming.js";

/** @typedef {import("../types").Site} Site */
/** Rows made at once; the next when the reader comes near them. */
const PAGE = 50;

/** @param {Site} site */
export const keyOf = ({ layer, id }) => `${layer}/${id}`;

/**
 * @param {{ choose: (site: Site) => void, hover: (site: Site | undefined) => void, compare: (key: string, on: boolean) => void, compared: () => string[] }} told
 */
export function ranking(told) {
  const list = h("ol", { class: "ranking" });
  const more = h("button", { type: "button", class: "quiet more", hidden: true });
  /** @type {Site[]} */
  let sites = [];
  let shown = PAGE;

  const row = (/** @type {Site} */ site) => {
    const key = keyOf(site);
    const box = h("input", { type: "checkbox", checked: told.compared().includes(key), "aria-label": word("compareSite", { name: siteName(site) }), title: word("compare"), onchange: () => told.compare(key, box.checked) });
    const button = h(
      "button",
      { type: "button", "data-key": key, onclick: () => told.choose(site), onpointerenter: () => told.hover(site), onpointerleave: () => told.hover(undefined), onfocus: () => told.hover(site), onblur: () => told.hover(undefined) },
      h("span", { class: "rank", "aria-label": word("rank", { rank: String(site.rank) }) }, String(site.rank)),
      h("span", { class: "name" }, siteName(site)),
      h("span", { class: "score", "aria-label": word("scoreIs", { score: number(site.score * 100, 0) }) }, number(site.score * 100, 0)),
      h("span", { class: "where" }, where(site)),
      stack(site.findings.map(({ contribution, criterion }) => ({ value: contribution ?? 0, title: criterion }))),
    );
    return h("li", {}, button, box);
  };
  const show = () => {
    const focused = document.activeElement?.getAttribute("data-key");
    list.replaceChildren(...sites.slice(0, shown).map(row));
    if (focused) [...list.querySelectorAll("button")].find((button) => button.dataset.key === focused)?.focus({ preventScroll: true });
    more.hidden = sites.length <= shown;
    more.textContent = word("moreSites", { count: Math.min(PAGE, sites.length - shown) });
  };
  const grow = () => {
    const from = shown;
    shown += PAGE;
    list.append(...sites.slice(from, shown).map(row));
    more.hidden = sites.length <= shown;
  };
  more.addEventListener("click", grow);
  new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && sites.length > shown && grow(), { rootMargin: "400px" }).observe(more);
  return {
    element: h("div", {}, list, more),
    /** @param {Site[]} next @param {boolean} settled */
    update(next, settled) {
      sites = next;
      if (settled) shown = Math.max(PAGE, Math.min(shown, 4 * PAGE));
      show();
    },
    /** @param {string | undefined} key */
    mark(key) {
      for (const button of list.querySelectorAll("button")) button.toggleAttribute("data-marked", button.dataset.key === key);
    },
  };
}

/** @param {Site} site */
function where(site) {
  const place = site.name === null ? site.id : site.commune?.name;
  return [place, site.area_m2 !== null && quantity(site.area_m2, "m2")].filter(Boolean).join(" · ");
}
