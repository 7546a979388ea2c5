// Journeys that need the server, or the machine, for themselves.
import assert from "node:assert/strict";

import { idle, open } from "../browser.mjs";
import { browser, enter, faults, journeyAlone, judge, passing, server, template } from "../journey.mjs";
import { watchTasks } from "../tasks.mjs";

journeyAlone("a server that stops", async (page) => {
  await enter(page, "?door=find");
  await template(page);
  const before = await passing(page);
  await server.stop();
  await page.locator(".threshold").first().focus();
  await page.keyboard.press("Home");
  await page.waitForSelector("#note:not([hidden])");
  assert.match(await page.locator("#note").innerText(), /Connexion perdue/);
  await server.start();
  await page.waitForFunction((before) => Number(document.querySelector(".summary b").textContent) > before, before);
  await page.waitForFunction(() => /rétablie/.test(document.querySelector("#note").textContent) || document.querySelector("#note").hidden);
  await idle(page);
}, { expected: /ERR_CONNECTION|Failed to fetch|net::ERR|AJAXError|status of 503/ });

journeyAlone("five thousand sites", async (page) => {
  await page.route("**/siting", async (route) => {
    const answer = await (await route.fetch()).json();
    const [site] = answer.sites;
    if (!site) return route.fulfill({ json: answer });
    answer.sites = Array.from({ length: 5000 }, (_, at) => ({ ...site, rank: at + 1, id: `${site.id}-${at}`, score: site.score * (1 - at / 6000), lon: 3.4 + (at % 100) * 0.004, lat: 46.5 + Math.floor(at / 100) * 0.004 }));
    answer.passing = 5000;
    return route.fulfill({ json: answer });
  });
  // What is read of it beside the page does not count: the page itself reads no more than it shows.
  await page.addInitScript(() => {
    window.__read = 0;
    const parse = JSON.parse;
    JSON.parse = (text, ...more) => ((window.__read = Math.max(window.__read, text.length)), parse(text, ...more));
    Response.prototype.json = async function () {
      return JSON.parse(await this.text());
    };
  });
  await enter(page, "?door=find");
  await page.evaluate(() => {
    window.__long = [];
    new PerformanceObserver((list) => window.__long.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ type: "longtask" });
  });
  const ended = await watchTasks(page);
  await template(page);
  await page.waitForFunction(() => document.querySelectorAll(".ranking li").length === 50);
  assert.ok(await page.evaluate(() => document.querySelectorAll("*").length) < 4000, "the page makes what it shows");
  await page.waitForFunction(() => (document.querySelector(".more").scrollIntoView(), document.querySelectorAll(".ranking li").length >= 150));
  assert.equal(await page.locator(".ranking li").nth(149).locator(".rank").innerText(), "150");
  await idle(page);
  const [held, others] = await page.evaluate(() => ["own-sites", "own-rest"].map((id) => window.__map.getSource(id).serialize().data.features));
  assert.ok(held.length <= 100 && others.length === 1 && held.length + others[0].geometry.coordinates.length === 5000, "every site is on the map, the first of them as features");
  const read = await page.evaluate(() => window.__read);
  assert.ok(read < 1_000_000, `the page itself read ${read} characters at once`);
  const runs = await ended();
  console.log(`  tasks over 50 ms with 5,000 sites, map included: ${(await page.evaluate(() => window.__long)).join(", ") || "none"} ms`);
  console.log(`  the page's own code: at most ${runs.slice(0, 3).map(({ own_ms }) => own_ms.toFixed(0)).join(", ")} ms at once`);
  judge("the page's own code", runs[0].own_ms, 50);
  // A site that the page does not hold is chosen on the map.
  await page.evaluate(() => window.__map.jumpTo({ center: [3.4 + 50 * 0.004, 46.5 + 40 * 0.004], zoom: 15, padding: { left: 800, top: 0, right: 0, bottom: 0 } }));
  await idle(page);
  const middle = await page.evaluate(() => {
    const { x, y } = window.__map.project([3.4 + 50 * 0.004, 46.5 + 40 * 0.004]);
    return [x, y];
  });
  await page.mouse.click(...middle);
  await page.waitForFunction(() => /-4050$/.test(new URLSearchParams(location.search).get("site") ?? ""));
}, { expected: /status of 404/ });

journeyAlone("what a slider takes", async (page) => {
  await enter(page, "?door=find");
  await template(page);
  await idle(page);
  const times = await page.evaluate(async () => {
    const slider = document.querySelector(".threshold");
    const times = [];
    for (let at = 0; at < 20; at += 1) {
      const list = document.querySelector(".ranking");
      const began = performance.now();
      const changed = new Promise((resolve) => new MutationObserver((_, observer) => (observer.disconnect(), resolve())).observe(list, { childList: true }));
      slider.value = String(Number(slider.min) + (0.2 + 0.02 * at) * (Number(slider.max) - Number(slider.min)));
      slider.dispatchEvent(new Event("input"));
      await changed;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      times.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return times.sort((a, b) => a - b);
  });
  console.log(`  from the slider to the list and the map's data: median ${times[10].toFixed(0)} ms, most ${times.at(-1).toFixed(0)} ms`);
  judge("a slider", times[10], 100);
});

journeyAlone("the first view", async () => {
  const times = [];
  for (let count = 0; count < 3; count += 1) {
    const page = await open(browser, server.address, (sentence) => faults.push(sentence));
    const began = Date.now();
    await page.goto(server.address, { waitUntil: "commit" });
    await page.waitForFunction(() => window.__map?.loaded() && window.__map.areTilesLoaded(), undefined, { timeout: 60_000, polling: 50 });
    times.push(Date.now() - began);
    const bytes = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/assets/")).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0));
    if (count === 0) console.log(`  ${(bytes / 1000).toFixed(0)} kB of the page's own files for the first view`);
    await page.context().close();
  }
  times.sort((a, b) => a - b);
  console.log(`  first view, map complete: ${times.join(", ")} ms`);
  judge("the first view", times[times.length >> 1], 2500);
});
