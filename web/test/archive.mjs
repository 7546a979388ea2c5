// What the PMTiles library of map applications reads in a file: node test/archive.mjs FILE Z X Y
import { VectorTile } from "@mapbox/vector-tile";
import { openSync, readSync } from "node:fs";
import { PbfReader } from "pbf";
import { PMTiles } from "pmtiles";

const [path, ...place] = process.argv.slice(2);
const file = openSync(path);
const source = {
  getKey: () => path,
  getBytes: async (offset, length) => {
    const bytes = Buffer.alloc(length);
    const read = readSync(file, bytes, 0, length, offset);
    return { data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + read) };
  },
};
const archive = new PMTiles(source);
const { minZoom, maxZoom } = await archive.getHeader();
const { name } = await archive.getMetadata();
const { data } = await archive.getZxy(...place.map(Number));
const { layers } = new VectorTile(new PbfReader(new Uint8Array(data)));
console.log(JSON.stringify({ zooms: [minZoom, maxZoom], metadata: name, layers: Object.keys(layers) }));
