// Every style of a running server is valid, in each language and scheme and for each client, and so is that of a siting answer;
// every image it names is in its sprite, every font has glyphs, every source a TileJSON:
// node test/style.mjs http://127.0.0.1:8080
import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";

const server = process.argv[2].replace(/\/$/, "");
const json = async (address) => (await fetch(address)).json();
let wrong = 0;
let checked = 0;

const { styles } = await json(`${server}/styles`);
const answer = await siting();
const maps = await choropleths();
for (const address of [...styles.map((style) => style.address), ...answer, ...maps]) {
  for (const lang of ["fr", "en"]) for (const scheme of ["light", "dark"]) for (const client of ["maplibre", "qgis"]) await check(`${address}?lang=${lang}&scheme=${scheme}&for=${client}`);
}
console.log(wrong ? `${wrong} faults in the styles` : `${checked} styles are valid`);
process.exit(wrong || !checked ? 1 : 0);

/** The style of a siting answer; none where a snapshot has not the layers of the example. */
async function siting() {
  const body = await (await fetch(`${server}/siting/example`)).text();
  const asked = await fetch(`${server}/siting`, { method: "POST", body, headers: { "content-type": "application/yaml" } });
  return asked.ok ? [`${server}/siting/${(await asked.json()).id}/style.json`] : [];
}

/** The styles of maps of territories: a few indicators, at every level. */
async function choropleths() {
  const { levels = [], indicators = [] } = await json(`${server}/choropleth`);
  return indicators.slice(0, 3).flatMap(({ id }) => levels.map((level) => `${server}/choropleth/${id}/${level}/style.json`));
}

async function check(address) {
  const style = await json(address);
  checked += 1;
  const complain = (sentence) => {
    console.error(`${address}: ${sentence}`);
    wrong += 1;
  };
  for (const { message } of validateStyleMin(style)) complain(message);
  const images = await json(`${style.sprite}.json`);
  const dense = await json(`${style.sprite}@2x.json`);
  for (const name of imagesIn(style.layers)) if (!images[name] || !dense[name]) complain(`no image ${name}`);
  for (const suffix of [".png", "@2x.png"]) if ((await fetch(style.sprite + suffix)).headers.get("content-type") !== "image/png") complain(`no sprite ${suffix}`);
  for (const font of new Set(style.layers.flatMap((layer) => layer.layout?.["text-font"] ?? []))) {
    const glyphs = await fetch(style.glyphs.replace("{fontstack}", encodeURIComponent(font)).replace("{range}", "0-255"));
    if (!glyphs.ok || (await glyphs.arrayBuffer()).byteLength < 10_000) complain(`no glyphs of ${font}`);
  }
  for (const { url } of Object.values(style.sources)) if (!(await fetch(url)).ok) complain(`no tiles at ${url}`);
}

/** Names of images in patterns and icons, within expressions too. */
function imagesIn(layers) {
  const values = layers.flatMap(({ paint, layout }) => [paint?.["fill-pattern"], layout?.["icon-image"]]).filter(Boolean);
  return values.flatMap((value) => (Array.isArray(value) ? value.slice(3).filter((output, at, all) => at % 2 === 0 || at === all.length - 1) : [value])).filter((name) => typeof name === "string");
}
