// A headless Chromium that counts what may not happen: errors in the console, requests to elsewhere, breaches of the policy.
import axe from "axe-core";
import { chromium } from "playwright-core";

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
}

/** Noise of software drawing. */
const NOISE = /GPU stall|swiftshader|WebGL/i;

/** A page whose faults are told to `fault`; `expected` are sentences of the console that a journey brings about itself. */
export async function open(browser, server, fault, { expected = /^$/, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "fr-FR", ...options });
  // Pages that the page opens are watched as well.
  context.on("page", (page) => watch(page, server, fault, expected));
  await context.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
  return context.newPage();
}

function watch(page, server, fault, expected) {
  page.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !NOISE.test(text) && !expected.test(text)) fault(`console: ${text}`);
  });
  page.on("response", (response) => response.status() >= 400 && !expected.test(`status of ${response.status()}`) && fault(`${response.status()} ${response.url()}`));
  page.on("pageerror", (error) => fault(`page: ${error.stack}`));
  page.on("dialog", (dialog) => (fault(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(server) && !/^(data|blob|about):/.test(address)) fault(`asked for ${address}`);
  });
}

/** Waits until the map stands still and all of it is drawn. */
export async function idle(page) {
  await page.waitForFunction(() => window.__map?.loaded() && window.__map.areTilesLoaded() && !window.__map.isMoving(), undefined, { timeout: 60_000 });
}

/** Waits until nothing is asked for any more, all is drawn, and no picture follows: two in a row that the map did not have to draw. */
export async function still(page) {
  await idle(page);
  await page.waitForFunction(() => {
    const map = window.__map;
    const rests = map.loaded() && map.areTilesLoaded() && !map.isMoving() && !map._repaint && !map._styleDirty && !map._sourcesDirty && !map._placementDirty && !document.querySelector("[aria-busy=true], [data-busy], .wait");
    window.__rests = rests ? (window.__rests ?? 0) + 1 : 0;
    return window.__rests > 3;
  }, undefined, { timeout: 60_000, polling: 50 });
}

/** What axe finds, one sentence each. */
export async function inaccessible(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(" | ")}`);
}
