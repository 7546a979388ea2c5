// The order of importance: by dragging, or by the arrow keys with the handle in focus.
import { h, styled } from "../shell/dom.js";
import { percent, word } from "../shell/language.js";
import { ordered, orderOf, weighted } from "./spec.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {Desk} desk */
export function weights(desk) {
  const list = h("ol", { class: "order", "aria-label": word("orderOfImportance") });
  const said = h("p", { class: "visually-hidden", role: "status" });
  const mode = h("button", { type: "button", class: "quiet", onclick: () => turn() });
  const element = h("section", { class: "weights" }, h("div", { class: "head" }, h("h3", {}, word("importance")), mode), h("p", { class: "hint" }, word("orderHint")), list, said);
  const turn = () => desk.change(desk.spec.weights ? weighted(desk.spec, desk.shares()) : ordered(desk.spec, orderOf(desk.spec, desk.shares())), true);

  const move = (/** @type {string} */ name, /** @type {number} */ to) => {
    const order = orderOf(desk.spec, desk.shares());
    const place = Math.max(0, Math.min(order.length - 1, to));
    if (order.indexOf(name) === place) return;
    order.splice(order.indexOf(name), 1);
    order.splice(place, 0, name);
    desk.change(ordered(desk.spec, order), true);
    said.textContent = word("movedTo", { name, place: String(place + 1), count: String(order.length) });
    /** @type {HTMLElement | null} */ (list.children[place]?.querySelector("button"))?.focus();
  };

  const row = (/** @type {string} */ name, /** @type {number} */ place) => {
    const handle = h("button", { type: "button", class: "handle", "aria-label": word("moveHandle", { name }), onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      move(name, orderOf(desk.spec, desk.shares()).indexOf(name) + by);
    } });
    handle.addEventListener("pointerdown", (event) => drag(event, handle, name));
    const share = desk.shares().get(name) ?? 0;
    return h("li", {}, handle, h("span", { class: "name" }, `${place + 1}. ${name}`), styled(h("i", { class: "bar", "aria-hidden": "true" }), { width: `${Math.round(share * 96)}px` }), h("b", {}, percent(share)));
  };

  /** @param {PointerEvent} event @param {HTMLElement} handle @param {string} name */
  const drag = (event, handle, name) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const item = /** @type {HTMLElement} */ (handle.closest("li"));
    const height = item.offsetHeight || 1;
    const from = [...list.children].indexOf(item);
    item.classList.add("dragged");
    const slide = (/** @type {PointerEvent} */ at) => styled(item, { transform: `translateY(${at.clientY - event.clientY}px)` });
    const drop = (/** @type {PointerEvent} */ at) => {
      handle.removeEventListener("pointermove", slide);
      item.classList.remove("dragged");
      styled(item, { transform: "none" });
      move(name, from + Math.round((at.clientY - event.clientY) / height));
    };
    handle.addEventListener("pointermove", slide);
    handle.addEventListener("pointerup", drop, { once: true });
  };

  let made = "";
  const update = () => {
    const order = orderOf(desk.spec, desk.shares());
    const form = JSON.stringify([order, order.map((name) => percent(desk.shares().get(name) ?? 0)), Boolean(desk.spec.weights)]);
    element.hidden = order.length < 2;
    if (form === made) return;
    made = form;
    mode.textContent = word(desk.spec.weights ? "weighByNumber" : "weighByOrder");
    const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
    list.replaceChildren(...order.map(row));
    if (focused >= 0) /** @type {HTMLElement | null} */ (list.children[focused]?.querySelector("button"))?.focus();
  };
  return { element, update };
}
