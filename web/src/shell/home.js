// The first view: what each door is for, in a sentence.
import { showStyle, HOME_STYLE } from "../map/paint.js";
import { icon } from "./doors.js";
import { h } from "./dom.js";
import { word } from "./language.js";
import { addressOf, go } from "./route.js";

/** @param {import("../types").Place} place @returns {import("./doors.js").Door} */
export function home({ map }) {
  return {
    open(view) {
      showStyle(map, HOME_STYLE);
      const way = (/** @type {"find" | "check" | "know" | "layers"} */ door, /** @type {string} */ text, /** @type {Record<string, string>} */ more = {}) => {
        const follow = (/** @type {MouseEvent} */ event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          go({ door, ...more }, { only: true });
        };
        return h("li", {}, h("a", { href: addressOf({ door, ...more }), onclick: follow }, icon(door), h("b", {}, word(door)), h("span", {}, text)));
      };
      view.replaceChildren(
        h("p", { class: "lead" }, word("lead")),
        h("ul", { class: "ways" }, way("find", word("findLead")), way("check", word("checkLead")), way("know", word("knowLead")), way("layers", word("layersLead"))),
        h("p", { class: "hint" }, word("homeHint")),
      );
    },
  };
}
