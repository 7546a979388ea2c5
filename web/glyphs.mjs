// Glyph ranges of Noto Sans as MapLibre reads them: signed distance fields of 24 pixels in protocol buffers, 256 characters a file.
//
// Distances are measured to the outlines themselves, so nothing has to be drawn first and no native code is needed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import opentype from "opentype.js";
import { PbfWriter } from "pbf";

const SIZE = 24;
const BUFFER = 3;
/** Pixels over which the field falls, and the share of them that lies outside the outline. */
const RADIUS = 8;
const CUTOFF = 0.25;
/** Noto Sans: 1,069 of 1,000 units, upwards; clients subtract it. */
const ASCENDER = 26;
/** Straight pieces of a curve: a 16th of a glyph's bow is below a hundredth of a pixel. */
const PIECES = 6;
/** What is written in Europe, in the Latin, Greek and Cyrillic scripts. */
const SUBSETS = ["latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext"];
/** Of those, the characters of living languages, punctuation, currencies and arrows. */
const isWritten = (id) => (id > 0 && id < 0x530) || (id >= 0x1e00 && id < 0x2300);
const STACKS = { "Noto Sans Regular": 400, "Noto Sans Bold": 700 };

/** @param {string} folder that of the font's package @param {(stack: string, range: string, bytes: Uint8Array) => void} keep */
export function writeGlyphs(folder, keep) {
  let count = 0;
  for (const [stack, weight] of Object.entries(STACKS)) {
    const ranges = new Map();
    for (const [id, glyph] of characters(folder, weight)) {
      const start = id - (id % 256);
      ranges.set(start, [...(ranges.get(start) ?? []), { id, ...drawn(glyph) }]);
      count += 1;
    }
    for (const [start, glyphs] of ranges) {
      const range = `${start}-${start + 255}`;
      keep(stack, range, encoded(stack, range, glyphs.sort((a, b) => a.id - b.id)));
    }
  }
  return count;
}

/** Each character, from the first subset that has it. */
function characters(folder, weight) {
  const found = new Map();
  for (const subset of SUBSETS) {
    const bytes = readFileSync(join(folder, `files/noto-sans-${subset}-${weight}-normal.woff`));
    const font = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    for (let index = 0; index < font.glyphs.length; index += 1) {
      const glyph = font.glyphs.get(index);
      for (const id of glyph.unicodes) if (isWritten(id) && !found.has(id)) found.set(id, { glyph, scale: SIZE / font.unitsPerEm });
    }
  }
  return found;
}

function drawn({ glyph, scale }) {
  const segments = flattened(glyph.path.commands, scale);
  const advance = Math.round(glyph.advanceWidth * scale);
  if (segments.length === 0) return { width: 0, height: 0, left: 0, top: -ASCENDER, advance };
  const xs = segments.filter((_, at) => at % 2 === 0);
  const ys = segments.filter((_, at) => at % 2 === 1);
  const [left, right, bottom, top] = [Math.floor(Math.min(...xs)), Math.ceil(Math.max(...xs)), Math.floor(Math.min(...ys)), Math.ceil(Math.max(...ys))];
  const [width, height] = [right - left, top - bottom];
  const bitmap = new Uint8Array((width + 2 * BUFFER) * (height + 2 * BUFFER));
  let at = 0;
  for (let row = -BUFFER; row < height + BUFFER; row += 1) {
    for (let column = -BUFFER; column < width + BUFFER; column += 1) bitmap[at++] = level(signedDistance(segments, left + column + 0.5, top - row - 0.5));
  }
  return { width, height, left, top: top - ASCENDER, advance, bitmap };
}

/** @param {number} distance positive outside */
export function level(distance, radius = RADIUS) {
  return Math.max(0, Math.min(255, Math.round(255 - 255 * (distance / radius + CUTOFF))));
}

/** The outline as straight segments, in pixels, y upwards: four numbers each, one after the other. */
function flattened(commands, scale) {
  const segments = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const to = (nextX, nextY) => {
    if (nextX !== x || nextY !== y) segments.push(x * scale, y * scale, nextX * scale, nextY * scale);
    [x, y] = [nextX, nextY];
  };
  for (const command of commands) {
    if (command.type === "M") [x, y, startX, startY] = [command.x, command.y, command.x, command.y];
    else if (command.type === "L") to(command.x, command.y);
    else if (command.type === "Z") to(startX, startY);
    else bend(command, [x, y], to);
  }
  return Float64Array.from(segments);
}

function bend({ type, x1, y1, x2, y2, x, y }, [fromX, fromY], to) {
  for (let piece = 1; piece <= PIECES; piece += 1) {
    const t = piece / PIECES;
    const s = 1 - t;
    if (type === "Q") to(s * s * fromX + 2 * s * t * x1 + t * t * x, s * s * fromY + 2 * s * t * y1 + t * t * y);
    else to(s ** 3 * fromX + 3 * s * s * t * x1 + 3 * s * t * t * x2 + t ** 3 * x, s ** 3 * fromY + 3 * s * s * t * y1 + 3 * s * t * t * y2 + t ** 3 * y);
  }
}

function signedDistance(segments, x, y) {
  let nearest = Infinity;
  let winding = 0;
  for (let at = 0; at < segments.length; at += 4) {
    const y0 = segments[at + 1];
    const y1 = segments[at + 3];
    const dx = segments[at + 2] - segments[at];
    const dy = y1 - y0;
    const px = x - segments[at];
    const py = y - y0;
    const along = Math.max(0, Math.min(1, (px * dx + py * dy) / (dx * dx + dy * dy)));
    const offX = px - along * dx;
    const offY = py - along * dy;
    nearest = Math.min(nearest, offX * offX + offY * offY);
    const side = dx * py - dy * px;
    if (y0 <= y && y1 > y && side > 0) winding += 1;
    else if (y1 <= y && y0 > y && side < 0) winding -= 1;
  }
  return winding === 0 ? Math.sqrt(nearest) : -Math.sqrt(nearest);
}

/** `glyphs.proto` of the vector tile world: a list of stacks, each with its name, range and glyphs. */
function encoded(name, range, glyphs) {
  const writer = new PbfWriter();
  writer.writeMessage(1, writeStack, { name, range, glyphs });
  return writer.finish();
}

function writeStack({ name, range, glyphs }, writer) {
  writer.writeStringField(1, name);
  writer.writeStringField(2, range);
  for (const glyph of glyphs) writer.writeMessage(3, writeGlyph, glyph);
}

function writeGlyph({ id, bitmap, width, height, left, top, advance }, writer) {
  writer.writeVarintField(1, id);
  if (bitmap) writer.writeBytesField(2, bitmap);
  writer.writeVarintField(3, width);
  writer.writeVarintField(4, height);
  writer.writeSVarintField(5, left);
  writer.writeSVarintField(6, top);
  writer.writeVarintField(7, advance);
}
