// The map coloured by a number of territories, in place of the commuters.
import { showStyle } from "../map/paint.js";
import { ask } from "../shell/api.js";
import { h, unique } from "../shell/dom.js";
import { told, word } from "../shell/language.js";
import { go, param } from "../shell/route.js";
import { words } from "../words/index.js";

/** @param {import("maplibre-gl").Map} map @param {() => void} otherwise shows the commuters again */
export function colours(map, otherwise) {
  const which = h("select", { id: unique("indicator") });
  const level = h("select", { id: unique("level") });
  const element = h("section", { class: "flows", hidden: true }, h("h3", {}, word("coloursTitle")), h("div", { class: "field" }, h("label", { for: which.id }, word("indicator")), which), h("div", { class: "field" }, h("label", { for: level.id }, word("colourLevel")), level));
  const change = () => {
    go({ indicator: which.value || undefined, by: level.value === "commune" ? undefined : level.value }, { silent: true });
    show();
  };
  which.addEventListener("change", change);
  level.addEventListener("change", change);

  /** Whether the map is coloured. */
  async function show() {
    const indicator = param("indicator");
    level.disabled = !indicator;
    if (which.options.length) [which.value, level.value] = [indicator ?? "", param("by") ?? "commune"];
    if (!indicator) return otherwise();
    await showStyle(map, `choropleth/${encodeURIComponent(indicator)}/${encodeURIComponent(param("by") ?? "commune")}/style.json`).catch(otherwise);
  }
  return {
    element,
    show,
    /** Lists what can be mapped; nothing where the server maps nothing. */
    async load() {
      const { indicators, levels } = await ask("choropleth").catch(() => ({ indicators: [], levels: [] }));
      element.hidden = indicators.length === 0;
      /** @type {Map<string, any[]>} */
      const themes = new Map();
      for (const one of indicators) themes.set(one.theme, [...(themes.get(one.theme) ?? []), one]);
      const name = (/** @type {string} */ key, /** @type {string} */ otherwise_) => (key in words ? word(/** @type {any} */ (key)) : otherwise_);
      which.replaceChildren(h("option", { value: "" }, word("coloursNone")), ...[...themes].map(([theme, of]) => h("optgroup", { label: name(`theme-${theme}`, theme) }, ...of.map((/** @type {any} */ one) => h("option", { value: one.id }, told(one.title))))));
      level.replaceChildren(...levels.map((/** @type {string} */ one) => h("option", { value: one }, name(`level-${one}`, one))));
      [which.value, level.value] = [param("indicator") ?? "", param("by") ?? "commune"];
    },
  };
}
