// What to relax, each as one click; and who nearly passes.
import { ask, isAbort } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { language, plural, word } from "../shell/language.js";
import { required, siteName } from "./naming.js";
import { changed, having } from "./spec.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {{ criterion: string, required: string, relaxed: string | null }} Change */

/** Near misses shown at once, and more sites that a change is to admit. */
const [SHOWN, WANTED] = [6, 3];

/** @param {Desk} desk @param {(key: string) => void} choose a near miss */
export function relaxing(desk, choose) {
  const element = h("section", { class: "relax" });
  /** @type {AbortController | undefined} */
  let asking;
  let of = "";

  const update = async () => {
    const answer = desk.answer;
    if (!answer || answer.id === of || answer.requirements.length === 0) return;
    of = answer.id;
    asking?.abort();
    asking = new AbortController();
    try {
      element.setAttribute("aria-busy", "true");
      const [one, more] = await Promise.all([1, WANTED].map((n) => ask(`siting/${answer.id}/relax?n=${n}`, { signal: asking?.signal })));
      element.removeAttribute("aria-busy");
      show(one, more);
    } catch (error) {
      if (!isAbort(error)) element.replaceChildren();
    }
  };

  const show = (/** @type {any} */ one, /** @type {any} */ more) => {
    const seen = new Set();
    const offers = [...one.single, ...more.single, ...one.pairs.slice(0, 2)].filter((offer) => {
      const key = JSON.stringify(offer.changes);
      return !seen.has(key) && seen.add(key);
    });
    const misses = one.near_misses.slice(0, SHOWN);
    element.replaceChildren(
      ...(offers.length ? [h("h3", {}, word("relaxTitle")), h("ul", { class: "offers" }, ...offers.slice(0, 6).map(offerRow))] : []),
      ...(misses.length ? [h("details", {}, h("summary", {}, word("nearMisses", { count: one.near_misses.length })), h("ol", { class: "misses" }, ...misses.map(missRow)))] : []),
    );
  };

  const offerRow = (/** @type {{ changes: Change[], admits: number }} */ { changes, admits }) => {
    const apply = () => desk.change(changes.reduce((spec, { criterion, relaxed }) => changed(spec, criterion, (before) => (relaxed ? { ...before, required: relaxed } : before.value ? having(before, { required: undefined }) : undefined)), desk.spec), true);
    return h("li", {}, h("button", { type: "button", onclick: apply }, h("span", {}, ...changes.flatMap((change, at) => [at > 0 ? h("br") : "", ...sentence(change)])), h("b", {}, plural("admitsOne", "admitsMany", admits))));
  };
  const sentence = (/** @type {Change} */ { criterion, required: before, relaxed }) => [h("b", {}, criterion), ` ${required(before, desk.provenance)} → ${relaxed ? required(relaxed, desk.provenance) : word("givenUp")}`];
  const missRow = (/** @type {any} */ miss) => {
    const lacks = miss.misses.map((/** @type {Change} */ change) => `${change.criterion} ${change.relaxed ? `${word("wouldNeed")} ${required(change.relaxed, desk.provenance)}` : word("givenUp")}`).join(language === "fr" ? " ; " : "; ");
    return h("li", {}, h("button", { type: "button", class: "plain", onclick: () => choose(`${miss.layer}/${miss.id}`) }, h("span", { class: "name" }, siteName(miss)), h("span", { class: "where" }, lacks)));
  };
  return { element, update };
}
