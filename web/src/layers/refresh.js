// An ISO 8601 duration as a person says it.
import { number, word } from "../shell/language.js";

/** @typedef {Parameters<typeof word>[0]} Key */
/** @type {Record<string, [Key, Key]>} */
const UNITS = { Y: ["yearly", "years"], M: ["monthly", "months"], W: ["weekly", "weeks"], D: ["daily", "days"] };

/** @param {string} duration such as `P1Y`, or `never`; anything else is shown as it is */
export function refresh(duration) {
  if (duration === "never") return word("never");
  const [, count, letter] = /^P(\d+)([YMWD])$/.exec(duration) ?? [];
  if (!count) return duration;
  const [one, many] = UNITS[letter];
  return count === "1" ? word(one) : word("every", { count: number(Number(count)), unit: word(many) });
}
