// The ranked list: each site with its score as a bar of what adds to it; chosen here, it is chosen on the map.
import { stack } from "../chart/meter.js";
import { h } from "../shell/dom.js";
import { number, quantity, word } from "../shell/language.js";
import { countOf, sitesOf } from "./answers.js";
import { siteName } from "./naming.js";

/** @typedef {import("../types").Site} Site */
/** Rows made at once; the next when the reader comes near them. */
const PAGE = 50;
/** Of a list that begins, so many are seen at once; those below follow a moment later. */
const SEEN = 12;

/** @param {Site} site */
export const keyOf = ({ layer, id }) => `${layer}/${id}`;

/**
 * @param {{ choose: (site: Site) => void, hover: (site: Site | undefined) => void, compare: (key: string, on: boolean) => void, compared: () => string[] }} told
 */
export function ranking(told) {
  const list = h("ol", { class: "ranking" });
  const more = h("button", { type: "button", class: "quiet more", hidden: true });
  /** @type {import("../types").Answer | undefined} */
  let answer;
  let count = 0;
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
    const [of, first] = [answer, list.childElementCount ? shown : SEEN];
    list.replaceChildren(...(of?.sites ?? []).slice(0, first).map(row));
    if (first < shown) setTimeout(fill);
    if (focused) [...list.querySelectorAll("button")].find((button) => button.dataset.key === focused)?.focus({ preventScroll: true });
    offer();
  };
  const offer = () => {
    more.hidden = count <= shown;
    more.textContent = word("moreSites", { count: Math.min(PAGE, count - shown) });
  };
  /** Makes the rows that are still missing. */
  const fill = async () => {
    const [of, from] = [answer, list.childElementCount];
    if (!of || from >= Math.min(shown, count)) return;
    const next = await sitesOf(of, from, shown);
    if (of === answer && list.childElementCount === from) list.append(...next.map(row));
  };
  const grow = async () => {
    if (count <= shown) return;
    shown += PAGE;
    offer();
    await fill();
    // Looked at anew: who scrolls fast is at the end again.
    near.unobserve(more);
    near.observe(more);
  };
  more.addEventListener("click", grow);
  const near = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && grow(), { rootMargin: "400px" });
  near.observe(more);
  return {
    element: h("div", {}, list, more),
    /** @param {import("../types").Answer} next @param {boolean} settled */
    update(next, settled) {
      answer = next;
      count = countOf(next);
      if (settled) shown = Math.max(PAGE, Math.min(shown, 4 * PAGE));
      shown = Math.min(shown, Math.max(PAGE, next.sites.length));
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
