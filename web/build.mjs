// Bundles the map application into dist/: hashed names, each file gzipped once, the licences of what is inside beside it.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

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
  write(`assets/${file}`, bytes, true);
  return file;
}

let [total, gzipped] = [0, 0];

/** In gzip for all, and in Brotli for browsers, where that is smaller by a tenth. */
function write(path, bytes, dense = false) {
  const gzip = gzipSync(bytes, { level: 9 });
  writeFileSync(join(dist, `${path}.gz`), gzip);
  gzipped += gzip.length;
  const brotli = dense && brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  const smaller = brotli && brotli.length < 0.9 * gzip.length;
  if (smaller) writeFileSync(join(dist, `${path}.br`), brotli);
  total += smaller ? brotli.length : gzip.length;
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "assets"), { recursive: true });

// The map library's worker is a file of its own: the page's policy allows no script but the server's files.
const worker = await build({ ...common, entryPoints: ["node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs"] });
const workerFile = keep("worker", "js", worker.outputFiles[0].contents);

// What reads large answers beside the page.
const reader = await build({ ...common, entryPoints: ["src/find/answers.worker.js"] });
const answersFile = keep("answers", "js", reader.outputFiles[0].contents);

const drawings = join(here, "../styles/sprites");
const { ICONS, HATCHES } = outlines(drawings);
// Each door is a file of its own, fetched when it is opened; the names of these files carry their hash already.
const app = await build({ ...common, entryPoints: ["src/main.js", "src/early.js"], splitting: true, chunkNames: "part-[hash]", assetNames: "[name]-[hash]", define: { WORKER_FILE: JSON.stringify(workerFile), ANSWERS_FILE: JSON.stringify(answersFile), ICONS: JSON.stringify(ICONS), HATCHES: JSON.stringify(HATCHES) }, loader: { ".svg": "dataurl", ".woff2": "file" } });
const output = (name) => app.outputFiles.find((file) => basename(file.path) === name).contents;
for (const { path, contents } of app.outputFiles) if (!/^(main|early)\./.test(basename(path))) write(`assets/${basename(path)}`, contents, !path.endsWith(".woff2"));

const inside = new Set([worker, app].flatMap(({ metafile }) => Object.keys(metafile.inputs)).map(packageOf).filter(Boolean)).add("@fontsource/noto-sans");
const names = {
  early: keep("early", "js", output("early.js")),
  script: keep("app", "js", output("main.js")),
  style: keep("app", "css", output("main.css")),
  icon: keep("icon", "svg", readFileSync(join(here, "src/icon.svg"))),
  licences: keep("licences", "txt", Buffer.from([...inside].sort().map(licence).join("\n\n"))),
};
// What the first view needs is asked for at once, not one after the other.
const outputs = Object.entries(app.metafile.outputs);
const needs = (entry) => outputs.find(([path]) => path.endsWith(entry))[1].imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => basename(path));
const chunks = new Set([...needs("early.js"), ...needs("main.js")]);
names.font = basename(app.outputFiles.find(({ path }) => path.endsWith(".woff2")).path);
const preloads = [...chunks].map((file) => `<link rel="modulepreload" href="assets/${file}" />`).join("\n    ");
const page = readFileSync(join(here, "src/index.html"), "utf8").replace("{{chunks}}", preloads).replace(/\{\{(\w+)\}\}/g, (_, name) => `assets/${names[name]}`);
write("index.html", Buffer.from(page));

const [firstVisit, inGzip] = [total, gzipped];
const font = join(here, "node_modules/@fontsource/noto-sans");
mkdirSync(join(dist, "sprites"));
writeSprites(drawings, (file, bytes) => write(`sprites/${file}`, bytes));
const glyphs = writeGlyphs(font, (stack, range, bytes) => {
  mkdirSync(join(dist, "fonts", stack), { recursive: true });
  write(`fonts/${stack}/${range}.pbf`, bytes);
});

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
console.log(`web/dist: ${kilobytes(firstVisit)} compressed (${kilobytes(inGzip)} for clients of gzip alone); for other maps ${kilobytes(total - firstVisit)} of sprites and ${glyphs} glyphs`);
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
