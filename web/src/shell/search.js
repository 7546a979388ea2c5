// Finds places and things by name, and goes there: a combobox (WAI-ARIA 1.2) over `/search`.
import { ask, isAbort } from "./api.js";
import { byId, h, unique } from "./dom.js";
import { told, word } from "./language.js";

/** @typedef {{ layer: string, id: string, name: string | null, title: any, lon: number | null, lat: number | null, commune: string | null }} Hit */

const WAIT_MS = 120;

/** @param {Hit} hit */
const nameOf = ({ name, id }) => name ?? id;

/** The search box of the panel. @param {(hit: Hit) => void} choose */
export function showSearch(choose) {
  byId("search").append(searchBox({ label: word("search"), choose }));
}

/** @param {{ label: string, choose: (hit: Hit) => void, layers?: string, placeholder?: string }} options */
export function searchBox({ label, choose, layers, placeholder }) {
  const id = unique("hits");
  const input = h("input", { type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", "aria-label": label, placeholder: placeholder ?? label, autocomplete: "off", spellcheck: "false" });
  const found = h("ul", { id, role: "listbox", "aria-label": label, hidden: true });
  /** @type {Hit[]} */
  let hits = [];
  let at = -1;
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const close = () => {
    found.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (/** @type {number} */ next) => {
    at = next;
    [...found.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `${id}-${at}`);
    found.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const take = (/** @type {Hit} */ hit) => {
    input.value = nameOf(hit);
    close();
    choose(hit);
  };
  const show = () => {
    const rows = hits.map((hit, index) => h("li", { role: "option", id: `${id}-${index}`, "aria-selected": "false", onpointerdown: (/** @type {Event} */ event) => (event.preventDefault(), take(hit)) }, h("b", {}, nameOf(hit)), h("span", {}, [told(hit.title), hit.commune].filter(Boolean).join(" · "))));
    found.replaceChildren(...(rows.length ? rows : [h("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, word("nothingFound", { text: input.value }))]));
    found.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(rows.length ? 0 : -1);
  };
  const look = async () => {
    asking?.abort();
    const text = input.value.trim();
    if (text.length < 2) return close();
    asking = new AbortController();
    try {
      const query = new URLSearchParams({ q: text, limit: "12", ...(layers ? { layers } : {}) });
      hits = (await ask(`search?${query}`, { signal: asking.signal })).results;
      show();
    } catch (error) {
      if (!isAbort(error)) close();
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (found.hidden && event.key === "ArrowDown") return look();
    if (found.hidden) return;
    if (event.key === "ArrowDown") mark(Math.min(at + 1, hits.length - 1));
    else if (event.key === "ArrowUp") mark(Math.max(at - 1, 0));
    else if (event.key === "Enter" && hits[at]) take(hits[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  return h("div", { class: "combobox" }, input, found);
}
