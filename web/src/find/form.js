// The specification as a form: its land, its criteria one card each, their order of importance.
import { h } from "../shell/dom.js";
import { word } from "../shell/language.js";
import { addressOf, go } from "../shell/route.js";
import { sliced } from "../shell/slices.js";
import { card } from "./criterion.js";
import { adding } from "./fields.js";
import { filesOf } from "./files.js";
import { ground } from "./ground.js";
import { land } from "./land.js";
import { at, measured } from "./spec.js";
import { weights } from "./weights.js";

/** @param {import("./desk.js").Desk} desk @param {(error: unknown) => void} failed */
export function formOf(desk, failed) {
  const title = h("h2", { tabindex: "-1" });
  const criteria = h("ul", { class: "criteria" });
  /** @type {Map<string, ReturnType<typeof card>>} */
  const cards = new Map();
  const parts = [land(desk), ground(desk), weights(desk), filesOf(desk, failed)];
  const [landPart, groundPart, weightPart, filePart] = parts.map(({ element }) => element);
  const other = h("a", { class: "quiet", href: addressOf({ door: "find" }), onclick: (/** @type {MouseEvent} */ event) => (event.preventDefault(), go({ door: "find" }, { only: true })) }, word("otherTemplate"));
  const element = h("div", { class: "form" }, h("div", { class: "head" }, title, other), landPart, groundPart, criteria, adding(desk), weightPart, filePart);
  const draw = sliced((/** @type {string | (typeof parts)[number]} */ one) => {
    if (!desk.open) return;
    if (typeof one !== "string") return one.update();
    if (!at(desk.spec, one)) return;
    const made = cards.get(one) ?? card(desk, one);
    cards.set(one, made);
    if (!made.element.isConnected) arrange();
    made.update();
  });
  /** The cards that are made, in the order of the specification. */
  const arrange = () => {
    const paths = measured(desk.spec.criteria).map(([path]) => path);
    for (const path of cards.keys()) if (!paths.includes(path)) cards.delete(path);
    const elements = paths.flatMap((path) => cards.get(path)?.element ?? []);
    if (elements.length !== criteria.children.length || elements.some((one, place) => criteria.children[place] !== one)) criteria.replaceChildren(...elements);
    return paths;
  };
  return {
    element,
    update() {
      title.textContent = desk.spec.title ?? word("mySearch");
      draw([...arrange(), ...parts]);
    },
  };
}
