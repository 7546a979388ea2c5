// The legend on the map: what is drawn now, folded to one line until it is wanted.
import { hidden, legendOf, onStyle, repaint } from "../map/paint.js";
import { byId, h } from "../shell/dom.js";
import { word } from "../shell/language.js";
import { signs, swatch } from "./legend.js";

/** @type {HTMLElement | undefined} */
let extra;
/** @type {(() => void) | undefined} */
let again;

/** A line that a door adds to the legend, such as what a threshold hides. @param {HTMLElement | undefined} line */
export function legendNote(line) {
  extra = line;
  again?.();
}

/** @param {import("maplibre-gl").Map} map */
export function showKey(map) {
  const place = byId("key");
  let open = innerWidth > 1100;
  /** @type {import("maplibre-gl").StyleSpecification | undefined} */
  let style;
  again = () => {
    const groups = legendOf(style);
    place.hidden = groups.length === 0;
    const list = h("ul", { class: "legend" }, ...groups.map((group) => entry(map, group)));
    const details = h("details", { open, ontoggle: () => (open = details.open) }, h("summary", {}, word("legend")), list);
    place.replaceChildren(details, ...(extra ? [extra] : []));
  };
  onStyle((next) => {
    style = next;
    again?.();
  });
}

/** @param {import("maplibre-gl").Map} map @param {import("../types").LegendGroup} group */
export function entry(map, group) {
  const single = group.items.length === 1;
  const toggle = h("input", { type: "checkbox", checked: !hidden.has(group.id), "aria-label": word("show", { title: group.title }) });
  toggle.addEventListener("change", () => {
    if (toggle.checked) hidden.delete(group.id);
    else hidden.add(group.id);
    repaint(map, group.id);
  });
  return h("li", {}, h("label", {}, toggle, single && swatch(group.items[0]), h("span", {}, group.title)), !single && signs(group));
}
