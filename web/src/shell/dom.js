// Builds elements. Every text goes through textContent: what comes from data is never read as HTML.

/** @typedef {Node | string | undefined | false | null} Child */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | undefined | ((event: any) => void)>} [attributes] `class`, `onclick`, ...; `undefined` and `false` are left out
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== undefined && child !== false && child !== null) element.append(child);
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, string | number | undefined | false>} attributes
 * @param {...(Node | string | undefined | false)} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  for (const child of children) if (child) element.append(child);
  return element;
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** A length that the policy lets no `style` attribute carry. @template {HTMLElement | SVGElement} E @param {E} element @param {Record<string, string>} values @returns {E} */
export function styled(element, values) {
  for (const [name, value] of Object.entries(values)) element.style.setProperty(name, value);
  return element;
}

/**
 * A link, only where the address is one a browser may follow safely.
 * @param {string | null | undefined} address
 * @param {string} text
 */
export function link(address, text) {
  const safe = typeof address === "string" && /^https?:\/\//.test(address);
  return safe ? h("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, text) : h("span", {}, text);
}

/** Names and values, one under the other. @param {[string, Child][]} rows */
export function list(rows) {
  return h("dl", {}, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

let count = 0;

/** A name for an element that another speaks of. @param {string} [prefix] */
export function unique(prefix = "e") {
  count += 1;
  return `${prefix}-${count}`;
}
