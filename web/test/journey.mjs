// What journeys are made with: a server of their own, a browser, a list of journeys and a list of faults.
import { tmpdir } from "node:os";
import { join } from "node:path";

import { launch, open } from "./browser.mjs";
import { serve } from "./server.mjs";

const [program, data, only] = process.argv.slice(2);
export const server = await serve(program, data);
export const browser = await launch();
export const faults = [];
export const PLOT = "POLYGON((3.716 46.553,3.731 46.553,3.731 46.562,3.716 46.562,3.716 46.553))";
export const LOCALES = { fr: "fr-FR", en: "en-GB" };
/** What each language says of the same thing. */
export const SAYS = {
  fr: { find: "Trouver", check: "Vérifier", know: "Connaître", passing: /sites? convien/, area: "surface", net: "Surface nette constructible", come: "viennent de", dossier: "Dossier à imprimer", save: "Enregistrer le dossier", draw: "Dessiner sur la carte" },
  en: { find: "Find", check: "Check", know: "Know", passing: /suitable/, area: "area", net: "Net buildable area", come: "come from", dossier: "Dossier to print", save: "Save the dossier", draw: "Draw on the map" },
};

/** All journeys, in the order in which they are written. @type {{ name: string, steps: Function, options: object }[]} */
const journeys = [];
/** Journeys that need the server, or the machine, for themselves. */
const alone = [];
/** As large as two columns of the panel need: software draws every pixel of the map. */
const VIEWPORT = { width: 1280, height: 720 };

export function journey(name, steps, options = {}) {
  if (!only || name.includes(only)) journeys.push({ name, steps, options });
}

export function journeyAlone(name, steps, options = {}) {
  if (!only || name.includes(only)) alone.push({ name, steps, options });
}

/** A time tells of the page on a machine that is free for it: there (EMPRISE_CALM=1) the goal is asked for, elsewhere ten times as much. */
export function judge(what, took_ms, goal_ms) {
  const bound_ms = process.env.EMPRISE_CALM ? goal_ms : 10 * goal_ms;
  if (took_ms > bound_ms) faults.push(`${what} takes ${took_ms.toFixed(0)} ms; at most ${bound_ms}`);
}

async function travel({ name, steps, options }) {
  const began = Date.now();
  const page = await open(browser, server.address, (sentence) => faults.push(`${name}: ${sentence}`), { viewport: VIEWPORT, ...options });
  page.setDefaultTimeout(60_000);
  try {
    await steps(page);
    console.log(`${name}: ${Date.now() - began} ms`);
  } catch (error) {
    faults.push(`${name}: ${error.stack.split("\n").slice(0, 4).join(" ")}`);
    await page.screenshot({ path: join(tmpdir(), `journey-${name.replace(/\W+/g, "-")}.png`) }).catch(() => {});
  }
  await page.context().close();
}

/** One after the other, from a list that others take from as well. */
async function lane(list) {
  for (let next = list.shift(); next; next = list.shift()) await travel(next);
}

/** Opens the first view and waits until the map is there. */
export async function enter(page, query = "") {
  await page.goto(`${server.address}/${query}`);
  await page.waitForFunction(() => window.__map?.isStyleLoaded(), undefined, { timeout: 60_000 });
}

export const passing = (page) => page.locator(".summary b").first().innerText().then((text) => Number(text.replace(/\D/g, "")));
export const settled = (page) => page.waitForFunction(() => !document.querySelector(".summary[data-busy]"));

/** Opens a template and waits for its sites and its histograms. */
export async function template(page, name = "logistics-platform") {
  await page.click(`[data-template=${name}]`);
  await page.waitForSelector(".ranking button");
  await page.waitForSelector(".threshold");
}

/** All of them: two at a time, since while one waits for its map the other is driven; then those that need all for themselves. */
export async function run() {
  await Promise.all([lane(journeys), lane(journeys)]);
  await lane(alone);
  await browser.close();
  await server.stop();
  for (const fault of faults) console.error(fault);
  console.log(faults.length ? `${faults.length} faults` : "every journey ends, with no error, no outside request, no breach of the policy");
  process.exit(faults.length ? 1 : 0);
}
