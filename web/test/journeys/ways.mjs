// By keyboard alone, through errors, another scheme, back and forward.
import assert from "node:assert/strict";

import { idle, inaccessible } from "../browser.mjs";
import { enter, journey, passing, server, settled, template } from "../journey.mjs";

journey("keyboard alone", async (page) => {
  await enter(page);
  const tabTo = async (test, most = 80) => {
    for (let count = 0; count < most; count += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(test)) return;
    }
    throw new Error(`not reached by Tab: ${test}`);
  };
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("skip")), "the first stop skips to the content");
  await page.keyboard.press("Enter");
  await tabTo(() => document.activeElement.closest(".ways") !== null);
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-template]");
  await tabTo(() => document.activeElement.dataset.template === "logistics-platform");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".threshold");
  await tabTo(() => document.activeElement.classList.contains("threshold"));
  const before = await passing(page);
  await page.keyboard.press("Home");
  await page.waitForFunction((before) => Number(document.querySelector(".summary b").textContent) > before, before);
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("threshold")), "the focus stays on the slider");
  await settled(page);
  await tabTo(() => document.activeElement.closest(".order") !== null, 200);
  const first = await page.locator(".order .name").first().innerText();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction((first) => document.querySelector(".order .name").textContent !== first, first);
  assert.ok(await page.evaluate(() => document.activeElement.closest(".order li:nth-child(2)") !== null), "the focus moves with the criterion");
  await settled(page);
  await tabTo(() => document.activeElement.closest(".ranking") !== null && document.activeElement.tagName === "BUTTON", 200);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".findings");
  // A plot drawn without a pointer.
  await page.goto(`${server.address}/?door=check#14/46.5574/3.7236`);
  await page.waitForSelector(".ways-in");
  await page.waitForFunction(() => window.__map?.isStyleLoaded());
  await tabTo(() => document.activeElement.classList.contains("primary"));
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement === window.__map.getCanvas());
  const walk = async (key) => {
    await page.keyboard.press(" ");
    await page.keyboard.press(key);
    await page.waitForFunction(() => !window.__map.isMoving());
  };
  await walk("ArrowRight");
  await walk("ArrowDown");
  await walk("ArrowLeft");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".checked");
});

journey("errors say what to do", async (page) => {
  await enter(page, "?door=check&plot=POLYGON((nonsense");
  await page.waitForSelector(".problem:not([hidden])");
  assert.ok((await page.locator(".problem").innerText()).length > 20);
  await page.waitForSelector(".ways-in");
  await page.locator(".ways-in textarea").fill('{"type": ');
  await page.click(".ways-in form [type=submit]");
  assert.match(await page.locator(".problem").innerText(), /GeoJSON/);
  await page.goto(`${server.address}/?door=find&siting=00000000000000000000000000000000`);
  await page.waitForSelector(".problem:not([hidden])");
  await page.waitForSelector("[data-template]");
  await page.locator(".templates input[type=file]").setInputFiles({ name: "spec.yaml", mimeType: "text/yaml", buffer: Buffer.from("emprise: 1\ncandidates: { layers: [busines-plots] }\ncriteria: { a: { kind: area, required: '>= 1 ha' } }") });
  await page.waitForFunction(() => /business-plots/.test(document.querySelector(".problem:not([hidden])")?.textContent ?? ""));
  await page.goto(`${server.address}/?door=know&at=epci/999999999`);
  await page.waitForSelector(".problem:not([hidden])");
  await page.goto(`${server.address}/?feature=nowhere/1`);
  await page.waitForSelector("#feature .problem");
}, { expected: /status of 4\d\d/ });

journey("another scheme keeps the view", async (page) => {
  await enter(page, "?door=find");
  await template(page);
  await page.locator(".ranking li > button").first().click();
  await page.waitForSelector(".findings");
  await idle(page);
  const look = () =>
    page.evaluate(() => {
      const map = window.__map;
      const features = map.getSource("own-sites").serialize().data.features.length;
      return { where: location.href, same: window.__same ?? (window.__same = Math.random()), center: map.getCenter().toArray(), features, sheet: document.querySelector(".site h3").textContent, outside: JSON.stringify(map.getPaintProperty("outside", "background-color")), disc: JSON.stringify(map.getPaintProperty("own-sites-disc", "circle-color")), key: document.querySelector("#key .signs rect")?.getAttribute("fill") };
    });
  const light = await look();
  const worn = async (scheme, other) => {
    await page.click(".scheme");
    await page.waitForSelector(`html[data-scheme=${scheme}]`);
    await page.waitForFunction((disc) => JSON.stringify(window.__map.getPaintProperty("own-sites-disc", "circle-color")) !== disc, other.disc);
    await idle(page);
    return look();
  };
  const dark = await worn("dark", light);
  for (const kept of ["where", "same", "center", "features", "sheet"]) assert.deepEqual(dark[kept], light[kept], kept);
  for (const other of ["outside", "disc", "key"]) assert.notEqual(dark[other], light[other], other);
  assert.deepEqual(await inaccessible(page), []);
  assert.deepEqual(await worn("light", dark), light, "and back again");
});

journey("back and forward", async (page) => {
  await enter(page);
  await page.click(".ways a >> nth=0");
  await template(page);
  const first = page.url();
  await page.locator(".ranking li > button").first().click();
  await page.waitForSelector(".findings");
  await page.goBack();
  await page.waitForFunction(() => !document.querySelector(".findings") || document.querySelector(".one").hidden);
  await page.goBack();
  await page.waitForSelector("[data-template]");
  await page.goBack();
  await page.waitForSelector(".ways");
  await page.goForward();
  await page.waitForSelector("[data-template]");
  await page.goForward();
  await page.waitForSelector(".ranking button");
  assert.equal(new URL(page.url()).search, new URL(first).search);
  await page.goForward();
  await page.waitForSelector(".findings");
});
