// Every sentence of the page, in both languages. A test finds what is missing in one of them, and what nobody says.
import { check } from "./check.js";
import { find } from "./find.js";
import { know } from "./know.js";
import { layers } from "./layers.js";
import { shell } from "./shell.js";

export { units } from "./units.js";

export const words = { ...shell, ...find, ...check, ...know, ...layers };
