// Find land: a specification on one side, the sites that meet it on the other, and both on the map.
import { takeClicks } from "../map/inspect.js";
import { boxOf, goTo } from "../map/open.js";
import { HOME_STYLE, showStyle } from "../map/paint.js";
import { ApiError, isAbort } from "../shell/api.js";
import { byId, h } from "../shell/dom.js";
import { number, plural, word } from "../shell/language.js";
import { say } from "../shell/note.js";
import { go, param } from "../shell/route.js";
import { askAnswer } from "./answers.js";
import { openDesk } from "./desk.js";
import { drawChosen, drawSites, eraseSites, hitSite, placesOf } from "./sites-map.js";
import { lasting } from "./lasting.js";
import { keyOf } from "./ranking.js";
import { sheetOf } from "./results.js";
import { templates } from "./start.js";
import { formOf } from "./form.js";

/** @typedef {import("../types").Site} Site */

/** @param {import("../types").Place} place @returns {import("../shell/doors.js").Door} */
export function find({ map, provenance }) {
  /** @type {HTMLElement} */
  let view;
  /** @type {string | undefined} */
  let hovered;
  /** @type {ReturnType<typeof formOf> | undefined} */
  let form;
  /** @type {ReturnType<typeof sheetOf> | undefined} */
  let results;
  /** @type {(() => void) | undefined} */
  let release;
  /** What the address said when it was last followed. */
  let followed = "";
  /** The first answer since the door was opened or a template was taken: the map goes to its sites. */
  let fresh = true;
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const summary = h("div", { class: "summary", role: "status" });

  const failed = (/** @type {unknown} */ error) => {
    if (isAbort(error)) return;
    problem.textContent = error instanceof ApiError ? error.message : word("failed", { why: String(error) });
    problem.hidden = false;
    if (!(error instanceof ApiError)) throw error;
  };
  const paint = () => desk.answer && drawSites(map, desk.answer, results?.extra, param("site"), hovered);

  const wait = lasting(() => desk.giveUp());
  const desk = openDesk(provenance, {
    answered(answer, settled) {
      problem.hidden = true;
      if (!form) build();
      form?.update();
      summary.replaceChildren(...summaryOf(answer));
      results?.update(settled);
      paint();
      if (!settled) return;
      if (param("siting") !== answer.id) go({ siting: answer.id, ...(results?.holds(param("site")) ? {} : { site: undefined }) }, { silent: true });
      followed = location.search;
      if (fresh) approach(answer);
      fresh = false;
      showStyle(map, `siting/${answer.id}/style.json`).catch(failed);
    },
    failed,
    busy(busy) {
      summary.toggleAttribute("data-busy", busy);
      wait.busy(busy);
    },
  });

  const build = () => {
    form = formOf(desk, failed);
    results = sheetOf(desk, { map, paint, failed, hover: (site) => ((hovered = site && keyOf(site)), paint()), narrow: (tab) => turn(tab) });
    const tabs = h("div", { class: "tabs", role: "tablist" }, tab("asked", word("specification")), tab("sites", word("sites")));
    view.replaceChildren(h("div", { class: "desk", "data-tab": "sites" }, h("div", { class: "bar" }, h("h2", { class: "visually-hidden" }, word("findTitle")), summary, tabs, wait.element, problem), h("section", { class: "asked", id: "asked", "aria-label": word("specification") }, form.element), h("section", { class: "sites", id: "sites", "aria-label": word("sites") }, results.element)));
    byId("panel").dataset.wide = "true";
    byId("panel").scrollTo(0, 0);
  };
  const tab = (/** @type {string} */ name, /** @type {string} */ text) => h("button", { type: "button", role: "tab", "aria-selected": String(name === "sites"), "aria-controls": name, "data-tab": name, onclick: () => turn(name), onkeydown: (/** @type {KeyboardEvent} */ event) => ["ArrowLeft", "ArrowRight"].includes(event.key) && turn(name === "sites" ? "asked" : "sites", true) }, text);
  const turn = (/** @type {string} */ name, focus = false) => {
    const place = /** @type {HTMLElement} */ (view.querySelector(".desk"));
    place.dataset.tab = name;
    for (const button of view.querySelectorAll("[role=tab]")) {
      button.setAttribute("aria-selected", String(/** @type {HTMLElement} */ (button).dataset.tab === name));
      if (focus && /** @type {HTMLElement} */ (button).dataset.tab === name) /** @type {HTMLElement} */ (button).focus();
    }
  };

  const approach = (/** @type {import("../types").Answer} */ answer) => {
    const places = placesOf(answer);
    if (places.length > 0 && !param("site")) goTo(map, boxOf(places), 12);
  };
  const begin = async () => {
    desk.close();
    fresh = true;
    form = results = undefined;
    delete byId("panel").dataset.wide;
    eraseSites(map);
    showStyle(map, HOME_STYLE).catch(failed);
    view.replaceChildren(h("div", { class: "wait" }));
    const list = await templates(desk, failed).catch(failed);
    if (list && !desk.open) view.replaceChildren(problem, wait.element, list);
  };
  const follow = async () => {
    followed = location.search;
    const id = param("siting");
    if (!id) return begin();
    if (desk.answer?.id === id) return results?.follow();
    try {
      if (!form) view.replaceChildren(h("div", { class: "wait" }));
      desk.take(await askAnswer(`siting/${encodeURIComponent(id)}`));
      await results?.follow();
    } catch (error) {
      await begin();
      failed(error);
      say("");
    }
  };
  return {
    async open(place) {
      view = place;
      release = takeClicks((features, at) => {
        const key = hitSite(features, at, desk.answer) ?? results?.candidate(features);
        if (!key) return false;
        go({ site: key });
        return true;
      });
      await follow();
    },
    update() {
      if (location.search !== followed) follow().catch(failed);
    },
    leave() {
      release?.();
      desk.close();
      delete byId("panel").dataset.wide;
      drawChosen(map, undefined);
      eraseSites(map);
    },
  };
}

/** @param {import("../types").Answer} answer */
function summaryOf({ passing, undecided, candidates }) {
  const total = number(candidates.considered);
  const bar = h("span", { class: "passing" }, h("b", {}, number(passing)), " ", plural("sitesPassOne", "sitesPassMany", passing, { total }));
  return [bar, ...(undecided ? [h("span", { class: "undecided" }, plural("undecidedOne", "undecidedMany", undecided))] : [])];
}
