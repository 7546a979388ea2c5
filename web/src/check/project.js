// What is to be built: the more is said, the fewer findings are "to be checked".
import { h, unique } from "../shell/dom.js";
import { word } from "../shell/language.js";
import { go, param } from "../shell/route.js";

export function projectForm() {
  const field = (/** @type {string} */ name, /** @type {string} */ label, /** @type {HTMLInputElement | HTMLSelectElement} */ input) => {
    input.id = unique("project");
    input.value = param(name) ?? "";
    input.addEventListener("change", () => input.reportValidity() && go({ [name]: input.value.trim() || undefined }));
    return h("div", { class: "field" }, h("label", { for: input.id }, label), input);
  };
  const option = (/** @type {string} */ value, /** @type {string} */ text) => h("option", { value }, text);
  const any = ["use", "icpe", "activity", "built"].some((name) => param(name));
  return h(
    "details",
    { class: "project", open: any },
    h("summary", {}, word("projectTitle")),
    h("p", { class: "hint" }, word("projectHint")),
    h(
      "div",
      { class: "fields" },
      field("use", word("projectUse"), h("select", {}, option("", "–"), option("51", word("useIndustry")), option("52", word("useWarehouse")), option("53", word("useOffices")))),
      field("icpe", word("projectIcpe"), h("select", {}, option("", "–"), option("none", word("icpeNone")), option("declaration", word("icpeDeclaration")), option("registration", word("icpeRegistration")), option("authorisation", word("icpeAuthorisation")))),
      field("activity", word("projectActivity"), h("input", { type: "text", placeholder: "25.11", pattern: "[0-9]{2}\\.?[0-9]{0,2}[A-Za-z]?" })),
      field("built", word("projectBuilt"), h("input", { type: "number", min: 0, step: 100 })),
    ),
  );
}
