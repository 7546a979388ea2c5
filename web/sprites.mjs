// Sprite sheets from the SVGs in styles/sprites, which are drawn in black: `emprise`, where each image has its colour, and
// `emprise-sdf`, where icons are distance fields that a style colours; once for plain screens, once for dense ones.
//
// Rasterised here rather than in the program: no SVG library has to be compiled into a server that never draws one.
import { Resvg } from "@resvg/resvg-js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

import { level } from "./glyphs.mjs";

/** Space around an icon's field, and how far the field reaches, in pixels of a plain screen. */
const MARGIN = 3;
const RADIUS = 8;
/** A field is measured on a picture so many times finer. */
const FINER = 8;
const SHEET_WIDTH = 256;

/** @param {string} folder styles/sprites @param {(file: string, bytes: Uint8Array) => void} keep */
export function writeSprites(folder, keep) {
  const { icons, hatches } = JSON.parse(readFileSync(join(folder, "sheet.json"), "utf8"));
  const source = (name, colour) => readFileSync(join(folder, `${name}.svg`), "utf8").replaceAll("#000", colour);
  for (const ratio of [1, 2]) {
    const patterns = Object.entries(hatches).flatMap(([name, [svg, light, dark]]) => [
      { name, ...picture(source(svg, light), ratio) },
      { name: `${name}-dark`, ...picture(source(svg, dark), ratio) },
    ]);
    const plain = Object.entries(icons).map(([name, colour]) => ({ name, ...picture(source(name, colour), ratio) }));
    const fields = Object.keys(icons).map((name) => ({ name, sdf: true, ...field(source(name, "#000"), ratio) }));
    const suffix = ratio === 1 ? "" : "@2x";
    sheet([...plain, ...patterns], ratio, (extension, bytes) => keep(`emprise${suffix}.${extension}`, bytes));
    sheet([...fields, ...patterns], ratio, (extension, bytes) => keep(`emprise-sdf${suffix}.${extension}`, bytes));
  }
}

/** The same drawings for the page's legend: what `ICONS` and `HATCHES` are there. @param {string} folder */
export function outlines(folder) {
  const { icons, hatches } = JSON.parse(readFileSync(join(folder, "sheet.json"), "utf8"));
  const of = (name, pattern) => pattern.exec(readFileSync(join(folder, `${name}.svg`), "utf8"))?.[1];
  const hatch = (name, color) => {
    const width = of(name, / stroke-width="([^"]+)"/);
    return { path: of(name, / d="([^"]+)"/), size: Number(of(name, / width="([^"]+)"/)), ...(width && { width: Number(width) }), color };
  };
  const both = Object.entries(hatches).flatMap(([name, [svg, light, dark]]) => [[name, hatch(svg, light)], [`${name}-dark`, hatch(svg, dark)]]);
  return { ICONS: Object.fromEntries(Object.keys(icons).map((name) => [name, of(name, / d="([^"]+)"/)])), HATCHES: Object.fromEntries(both) };
}

/** Pixels in red, green, blue and opacity, not premultiplied. */
function picture(svg, ratio) {
  const image = new Resvg(svg, { fitTo: { mode: "zoom", value: ratio }, font: { loadSystemFonts: false } }).render();
  const pixels = new Uint8Array(image.pixels);
  for (let at = 0; at < pixels.length; at += 4) {
    const opacity = pixels[at + 3];
    if (opacity > 0) for (let band = at; band < at + 3; band += 1) pixels[band] = Math.min(255, Math.round((pixels[band] * 255) / opacity));
  }
  return { width: image.width, height: image.height, pixels };
}

function field(svg, ratio) {
  const fine = picture(svg, ratio * FINER);
  const margin = MARGIN * ratio;
  const [width, height] = [fine.width / FINER + 2 * margin, fine.height / FINER + 2 * margin];
  const [fineWidth, fineHeight] = [width * FINER, height * FINER];
  const inside = new Uint8Array(fineWidth * fineHeight);
  for (let y = 0; y < fine.height; y += 1) {
    for (let x = 0; x < fine.width; x += 1) {
      if (fine.pixels[4 * (y * fine.width + x) + 3] > 127) inside[(y + margin * FINER) * fineWidth + x + margin * FINER] = 1;
    }
  }
  const toInside = squaredDistances(inside, fineWidth, fineHeight, 1);
  const toOutside = squaredDistances(inside, fineWidth, fineHeight, 0);
  const pixels = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * FINER + FINER / 2) * fineWidth + x * FINER + FINER / 2;
      const distance = inside[at] ? 0.5 - Math.sqrt(toOutside[at]) : Math.sqrt(toInside[at]) - 0.5;
      pixels[4 * (y * width + x) + 3] = level(distance / FINER, RADIUS * ratio);
    }
  }
  return { width, height, pixels };
}

/** The squared distance of each cell to the nearest one that is `sought`: columns first, then rows (Felzenszwalb, Huttenlocher 2012). */
function squaredDistances(cells, width, height, sought) {
  const far = 1e9;
  const grid = Float64Array.from(cells, (cell) => (cell === sought ? 0 : far));
  for (let x = 0; x < width; x += 1) lowerEnvelope(grid, x, width, height);
  for (let y = 0; y < height; y += 1) lowerEnvelope(grid, y * width, 1, width);
  return grid;
}

function lowerEnvelope(grid, start, step, count) {
  const value = Float64Array.from({ length: count }, (_, at) => grid[start + at * step]);
  const vertex = new Int32Array(count);
  const bound = new Float64Array(count + 1);
  let last = 0;
  [bound[0], bound[1]] = [-Infinity, Infinity];
  const meeting = (a, b) => (value[b] + b * b - value[a] - a * a) / (2 * (b - a));
  for (let at = 1; at < count; at += 1) {
    while (last > 0 && meeting(vertex[last], at) <= bound[last]) last -= 1;
    const met = meeting(vertex[last], at);
    if (met > bound[last]) last += 1;
    vertex[last] = at;
    bound[last] = last === 0 ? -Infinity : met;
    bound[last + 1] = Infinity;
  }
  for (let at = 0, of = 0; at < count; at += 1) {
    while (bound[of + 1] < at) of += 1;
    grid[start + at * step] = (at - vertex[of]) ** 2 + value[vertex[of]];
  }
}

/** Puts images in rows, the tallest first, one clear pixel apart. */
function sheet(images, ratio, keep) {
  const index = {};
  let [x, y, tallest] = [0, 0, 0];
  const width = SHEET_WIDTH * ratio;
  for (const image of [...images].sort((a, b) => b.height - a.height || a.name.localeCompare(b.name))) {
    if (x + image.width > width) [x, y, tallest] = [0, y + tallest + 1, 0];
    index[image.name] = { x, y, width: image.width, height: image.height, pixelRatio: ratio, ...(image.sdf && { sdf: true }) };
    x += image.width + 1;
    tallest = Math.max(tallest, image.height);
  }
  const height = y + tallest;
  const pixels = new Uint8Array(4 * width * height);
  for (const image of images) {
    const place = index[image.name];
    for (let row = 0; row < image.height; row += 1) {
      pixels.set(image.pixels.subarray(4 * row * image.width, 4 * (row + 1) * image.width), 4 * ((place.y + row) * width + place.x));
    }
  }
  const sorted = Object.fromEntries(Object.entries(index).sort(([a], [b]) => (a < b ? -1 : 1)));
  keep("json", Buffer.from(JSON.stringify(sorted)));
  keep("png", png(width, height, pixels));
}

/** Red, green, blue and opacity, eight bits each. */
function png(width, height, pixels) {
  const rows = Buffer.alloc(height * (4 * width + 1));
  for (let y = 0; y < height; y += 1) rows.set(pixels.subarray(4 * y * width, 4 * (y + 1) * width), y * (4 * width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const chunks = [["IHDR", header], ["IDAT", deflateSync(rows, { level: 9 })], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...chunks.map(([name, data]) => chunk(name, data))]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const ends = [Buffer.alloc(4), Buffer.alloc(4)];
  ends[0].writeUInt32BE(data.length);
  ends[1].writeUInt32BE(crc32(body));
  return Buffer.concat([ends[0], body, ends[1]]);
}

/** As PNG counts it (ISO 15948, annex D). */
function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
