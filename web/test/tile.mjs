// What two libraries of map applications read in a tile, as JSON: node test/tile.mjs FILE
import { VectorTile } from "@mapbox/vector-tile";
import { readFileSync } from "node:fs";
import MVT from "ol/format/MVT.js";
import { PbfReader } from "pbf";

const bytes = readFileSync(process.argv[2]);

const mapbox = () => {
  const { layers } = new VectorTile(new PbfReader(bytes));
  return Object.values(layers).flatMap((layer) =>
    Array.from({ length: layer.length }, (_, place) => {
      const feature = layer.feature(place);
      const { id, type: kind, properties } = feature;
      const lines = feature.loadGeometry().map((line) => line.map(({ x, y }) => [x, y]));
      return { layer: layer.name, id, kind, properties, lines };
    }),
  );
};

const KINDS = { Point: 1, MultiPoint: 1, LineString: 2, MultiLineString: 2, Polygon: 3, MultiPolygon: 3 };

const openlayers = () =>
  new MVT({ layerName: "\0layer" }).readFeatures(Uint8Array.from(bytes).buffer).map((feature) => {
    const { "\0layer": layer, ...properties } = feature.getProperties();
    const flat = feature.getFlatCoordinates();
    const ends = feature.getEnds() ?? [];
    const starts = [0, ...ends];
    const pairs = (from, to) => Array.from({ length: (to - from) / 2 }, (_, i) => [flat[from + 2 * i], flat[from + 2 * i + 1]]);
    const lines = ends.length > 0 ? ends.map((end, i) => pairs(starts[i], end)) : [pairs(0, flat.length)];
    return { layer, id: feature.getId(), kind: KINDS[feature.getType()], properties, lines };
  });

process.stdout.write(JSON.stringify({ mapbox: mapbox(), openlayers: openlayers() }));
