// What is required of a measure, as a specification writes it (`>= 8 ha`, `in [a, b]`), and back.

/** @typedef {{ operator: string, value: number, unit: string }} Bound in the writer's own unit */

const DAY_MS = 86_400_000;

/** One comparison with a number or a date; `undefined` for anything else. @param {string | undefined} text @returns {Bound | undefined} */
export function readBound(text) {
  const [, operator, operand] = /^\s*(<=|>=|<|>|=)\s*(.+?)\s*$/.exec(text ?? "") ?? [];
  if (!operator || / and /.test(operand)) return undefined;
  const date = /^\d{4}-\d{2}-\d{2}$/.exec(operand);
  if (date) return { operator, value: Date.parse(operand) / DAY_MS, unit: "date" };
  const [, value, unit] = /^(-?[\d.]+(?:e-?\d+)?)\s*(.*)$/.exec(operand) ?? [];
  return value === undefined || Number.isNaN(Number(value)) ? undefined : { operator, value: Number(value), unit: unit ?? "" };
}

/** @param {Bound} bound */
export function writeBound({ operator, value, unit }) {
  return `${operator} ${writeQuantity(value, unit)}`;
}

/** @param {number} value @param {string} unit */
export function writeQuantity(value, unit) {
  if (unit === "date") return dateOf(value);
  return `${plain(value)}${unit ? ` ${unit}` : ""}`;
}

/** @param {string} text */
export function readQuantity(text) {
  const bound = readBound(`= ${text}`);
  return bound && { value: bound.value, unit: bound.unit };
}

/** Without the dust of binary fractions. @param {number} value */
export function plain(value) {
  return String(Number(value.toPrecision(7)));
}

/** @param {number} days since 1970-01-01 */
export function dateOf(days) {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

/** The words that a requirement admits; `undefined` where it is no list of words. @param {string | undefined} text */
export function readWords(text) {
  const [, list] = /^\s*in\s*\[(.*)\]\s*$/.exec(text ?? "") ?? [];
  if (list !== undefined) return [...list.matchAll(/'([^']*)'|"([^"]*)"|([^,]+)/g)].map(([, a, b, c]) => (a ?? b ?? c).trim()).filter(Boolean);
  const [, one] = /^\s*=\s*(.+?)\s*$/.exec(text ?? "") ?? [];
  return one === undefined ? undefined : [one.replace(/^(['"])(.*)\1$/, "$2")];
}

/** @param {string[]} words */
export function writeWords(words) {
  if (words.length === 1 && ["true", "false"].includes(words[0])) return `= ${words[0]}`;
  return `in [${words.map((one) => (one.includes("'") ? `"${one}"` : `'${one}'`)).join(", ")}]`;
}

/** Units of counted things are left unwritten, as people do. */
const WRITTEN = /^(m|km|m2|ha|km2|%|ratio|EUR.*|min|h|months|years|days|kV|kW|MW|t)$/;

/** The unit to write a quantity of a measure in. @param {string | undefined} unit of the measure @param {string} [written] what the writer used */
export function unitFor(unit, written) {
  return written ?? (unit && WRITTEN.test(unit) ? unit : "");
}

/** A range to slide over, and its step: round numbers. @param {number} from @param {number} to @param {boolean} [whole] */
export function scaleOf(from, to, whole = false) {
  const span = to > from ? to - from : Math.abs(to) || 1;
  const raw = span / 200;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max((/** @type {number} */ ([1, 2, 5, 10].find((times) => times * power >= raw)) || 10) * power, whole ? 1 : 0);
  return { from: Math.floor(from / step) * step, to: Math.ceil(to / step) * step, step };
}
