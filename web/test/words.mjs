// Every sentence stands in both languages with the same places to fill, is said somewhere, and no code says one of its own:
// node test/words.mjs
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { units, words } from "../src/words/index.js";

const src = fileURLToPath(new URL("../src/", import.meta.url));
const files = (folder) => readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? files(join(folder, name)) : [join(folder, name)]));
const code = files(src).filter((path) => /\.(js|html)$/.test(path) && !path.includes("/words/")).map((path) => ({ path, text: readFileSync(path, "utf8") }));
const all = code.map(({ text }) => text).join("\n");
const faults = [];

const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort().join(" ");
for (const [key, { fr, en }] of Object.entries({ ...words, ...units })) {
  if (!fr?.trim() || !en?.trim()) faults.push(`${key} is missing in ${fr?.trim() ? "English" : "French"}`);
  else if (places(fr) !== places(en)) faults.push(`${key} has other places in French than in English`);
}

/** Keys that are put together from a beginning and a value of the data. */
const MADE = ["theme-", "total-", "kind-", "field-", "why: ", "effect-", "doubt-", "role-", "level-", "mode-", "direction-", "indicator-", "unit-", "ground-"];
for (const key of Object.keys(words)) {
  const said = new RegExp(`["'\`]${key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}["'\`]`).test(all);
  if (!said && !MADE.some((beginning) => key.startsWith(beginning))) faults.push(`${key} is never said`);
}

/** Texts in the code that a reader would see: several words, or an accent. */
for (const { path, text } of code.filter(({ path }) => path.endsWith(".js"))) {
  for (const line of text.split("\n").filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line))) {
    const bare = line.replace(/\/\*\*.*?\*\//g, "");
    for (const [, literal] of bare.matchAll(/"((?:[^"\\]|\\.)*)"/g)) if (/[éèêàçùûîôœ]/i.test(literal) && !["Français"].includes(literal)) faults.push(`${path}: “${literal}” belongs to the words`);
    for (const [, literal] of bare.matchAll(/\bh\("(?:p|h\d|button|span|b|small|label|summary)", \{[^}]*\}, "([^"]*[a-z]{2}[^"]*)"/gi)) faults.push(`${path}: “${literal}” belongs to the words`);
  }
}
for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults in the words` : `${Object.keys(words).length} sentences, each in two languages`);
process.exit(faults.length ? 1 : 0);
