// Bundles the map application into dist/: hashed names, each file gzipped once, the licences of what is inside beside it.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { writeGlyphs } from "./glyphs.mjs";
import { outlines, writeSprites } from "./sprites.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
/** What a first visit may cost: the whole application, compressed. */
const LIMIT_BYTES = 600_000;

const common = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
  metafile: true,
  outdir: dist,
  absWorkingDir: here,
  legalComments: "none",
};

/** Writes `bytes` under dist/assets as name-hash.extension, gzipped; returns that name. */
function keep(name, extension, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const file = `${name}-${hash}.${extension}`;
  write(`assets/${file}`, bytes);
  return file;
}

let total = 0;
function write(path, bytes) {
  const gzip = gzipSync(bytes, { level: 9 });
  total += gzip.length;
  writeFileSync(join(dist, `${path}.gz`), gzip);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "assets"), { recursive: true });

// The map library's worker is a file of its own: the page's policy allows no script but the server's files.
const worker = await build({ ...common, entryPoints: ["node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs"] });
const workerFile = keep("worker", "js", worker.outputFiles[0].contents);

const drawings = join(here, "../styles/sprites");
const { ICONS, HATCHES } = outlines(drawings);
const app = await build({ ...common, entryPoints: ["src/main.js"], define: { WORKER_FILE: JSON.stringify(workerFile), ICONS: JSON.stringify(ICONS), HATCHES: JSON.stringify(HATCHES) }, loader: { ".svg": "dataurl" } });
const output = (extension) => app.outputFiles.find((file) => file.path.endsWith(extension)).contents;

const inside = new Set([worker, app].flatMap(({ metafile }) => Object.keys(metafile.inputs)).map(packageOf).filter(Boolean)).add("@fontsource/noto-sans");
const names = {
  script: keep("app", "js", output(".js")),
  style: keep("app", "css", output(".css")),
  icon: keep("icon", "svg", readFileSync(join(here, "src/icon.svg"))),
  licences: keep("licences", "txt", Buffer.from([...inside].sort().map(licence).join("\n\n"))),
};
const page = readFileSync(join(here, "src/index.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, name) => `assets/${names[name]}`);
write("index.html", Buffer.from(page));

const firstVisit = total;
const font = join(here, "node_modules/@fontsource/noto-sans");
mkdirSync(join(dist, "sprites"));
writeSprites(drawings, (file, bytes) => write(`sprites/${file}`, bytes));
const glyphs = writeGlyphs(font, (stack, range, bytes) => {
  mkdirSync(join(dist, "fonts", stack), { recursive: true });
  write(`fonts/${stack}/${range}.pbf`, bytes);
});

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
console.log(`web/dist: ${kilobytes(firstVisit)} compressed, and ${kilobytes(total - firstVisit)} of sprites and ${glyphs} glyphs, fetched as a map needs them`);
if (firstVisit > LIMIT_BYTES) {
  console.error(`web/dist is ${firstVisit} bytes compressed; the limit is ${LIMIT_BYTES}`);
  process.exit(1);
}

/** `node_modules/a/b.js` -> `a`, scopes included. */
function packageOf(input) {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
}

function licence(name) {
  const folder = resolve(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = existsSync(folder) && readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : license;
  return `${name} ${version} (${license})\n\n${text}\n`;
}
