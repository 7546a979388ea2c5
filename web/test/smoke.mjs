// Asks a running server one thing of each kind and looks at the content of each answer:
// node test/smoke.mjs http://127.0.0.1:8080
import { VectorTile } from "@mapbox/vector-tile";
import assert from "node:assert/strict";
import { PbfReader } from "pbf";

const server = process.argv[2].replace(/\/$/, "");
const get = (path, options) => fetch(server + path, { signal: AbortSignal.timeout(20_000), ...options });
const json = async (path, options) => {
  const response = await get(path, options);
  assert.equal(response.status, 200, `${path}: ${await response.clone().text()}`);
  return response.json();
};

async function check(name, looking) {
  console.log(`${name}: ${await looking()}`);
}

await check("health", async () => {
  const { state, layers } = await json("/health");
  assert.equal(state, "ready");
  assert.ok(layers > 10);
  return `${state}, ${layers} layers`;
});

await check("page", async () => {
  const page = await get("/", { headers: { accept: "text/html" } });
  const html = await page.text();
  assert.match(page.headers.get("content-security-policy"), /default-src 'none'/);
  const script = /src="(assets\/app-[0-9a-f]+\.js)"/.exec(html);
  assert.ok(script, "the binary carries no map application");
  const code = await get(`/${script[1]}`);
  assert.match(code.headers.get("cache-control"), /immutable/);
  assert.match(code.headers.get("content-type"), /javascript/);
  return `${html.length} characters, script of ${(await code.text()).length}`;
});

const tileJson = await json("/tiles/business-plots,communes.json");
await check("TileJSON", async () => {
  assert.equal(tileJson.tilejson, "3.0.0");
  assert.deepEqual(tileJson.vector_layers.map(({ id }) => id), ["business-plots", "communes"]);
  assert.equal(tileJson.vector_layers[0].fields.stage, "String");
  assert.ok(tileJson.tiles[0].startsWith(`${server}/tiles/business-plots,communes/`), tileJson.tiles[0]);
  return tileJson.tiles[0];
});

await check("tile", async () => {
  const [west, south, east, north] = tileJson.bounds;
  const [z, x, y] = at(10, (west + east) / 2, (south + north) / 2);
  const address = tileJson.tiles[0].replace("{z}", z).replace("{x}", x).replace("{y}", y);
  const response = await fetch(address);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/vnd.mapbox-vector-tile");
  const { layers } = new VectorTile(new PbfReader(new Uint8Array(await response.arrayBuffer())));
  assert.ok(layers.communes.length > 1 && layers["business-plots"].length > 1);
  assert.ok(layers.communes.feature(0).properties.name);
  const again = await fetch(address, { headers: { "if-none-match": response.headers.get("etag") } });
  assert.equal(again.status, 304);
  return `${z}/${x}/${y}: ${layers.communes.length} communes, ${layers["business-plots"].length} plots`;
});

await check("style", async () => {
  const style = await json("/styles/land-availability.json?lang=fr");
  assert.equal(style.version, 8);
  assert.ok(style.layers.some((layer) => layer["source-layer"] === "business-plots"));
  for (const source of Object.values(style.sources)) assert.equal((await fetch(source.url)).status, 200, source.url);
  return `${style.layers.length} layers, ${Object.keys(style.sources).length} sources`;
});

await check("siting", async () => {
  const example = await (await get("/siting/example")).text();
  const answer = await json("/siting", { method: "POST", body: example, headers: { "content-type": "application/yaml" } });
  const [first, second] = answer.sites;
  assert.ok(first.score >= second.score && second.score >= 0);
  return `${answer.sites.length} sites, the best ${first.name ?? first.commune.name} at ${first.score}`;
});

await check("errors", async () => {
  const unknown = await get("/tiles/comunes/5/0/0.mvt");
  assert.equal(unknown.status, 404);
  assert.match((await unknown.json()).detail, /`communes`/);
  assert.equal((await get("/siting")).status, 405);
  return "a wrong name gets the nearest one";
});

/** Column and row of a position. */
function at(z, lon, lat) {
  const n = 2 ** z;
  const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
  return [z, Math.floor(((lon + 180) / 360) * n), Math.floor(y * n)];
}
