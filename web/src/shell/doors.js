// The doors of the panel: one verb each. A door is opened when the address names it and left when it no longer does.
import { byId, h } from "./dom.js";
import { word } from "./language.js";
import { addressOf, go, onRoute, param } from "./route.js";

/**
 * @typedef {object} Door
 * @property {(view: HTMLElement) => void | Promise<void>} open fills the view
 * @property {() => void} [update] the address changed within the door
 * @property {() => void} [leave]
 */

/** @typedef {"find" | "check" | "know" | "layers"} Name */
/** @type {Name[]} */
export const DOORS = ["find", "check", "know", "layers"];

/** @param {Record<string, () => Promise<Door>>} doors by name; `home` where the address names none */
export function openDoors(doors) {
  /** @type {Door | undefined} */
  let open;
  /** @type {string | undefined} */
  let name;
  const links = DOORS.map((door) => h("a", { href: addressOf({ door }), onclick: (/** @type {MouseEvent} */ event) => follow(event, door) }, icon(door), word(door)));
  byId("doors").replaceChildren(...links);
  byId("home").addEventListener("click", (event) => follow(event, undefined));

  const show = async () => {
    const wanted = known(param("door"));
    links.forEach((link, at) => (DOORS[at] === wanted ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")));
    document.body.dataset.door = wanted;
    if (wanted === name) return open?.update?.();
    name = wanted;
    open?.leave?.();
    open = undefined;
    const view = byId("view");
    view.replaceChildren();
    document.title = wanted === "home" ? "Emprise" : `${word(wanted)} · Emprise`;
    const door = await doors[wanted]();
    if (name !== wanted) return;
    open = door;
    await door.open(view);
  };
  onRoute(show);
  return show();
}

/** @param {string | undefined} name @returns {Name | "home"} */
function known(name) {
  return DOORS.find((door) => door === name) ?? "home";
}

/** A plain click stays on the page; any other opens what the link says. @param {MouseEvent} event @param {string | undefined} door */
function follow(event, door) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  if (param("door") !== door) go({ door }, { only: true });
  else go({ door }, { only: true });
  byId("view").focus({ preventScroll: true });
  byId("panel").scrollTo?.({ top: 0 });
}

/** The sign of a door, drawn with the text's colour. @param {Name} door */
export function icon(door) {
  const element = h("span", { class: `icon icon-${door}`, "aria-hidden": "true" });
  return element;
}
