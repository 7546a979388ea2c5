// What the server answers, as far as the page reads it.
export interface LayerProvenance {
  id: string;
  title: string | { fr: string; en: string };
  description: { fr: string; en: string } | null;
  geometry: "point" | "line" | "polygon" | "none";
  visibility: string;
  processing: string;
  tiles?: string;
  role: "candidate" | "constraint" | "infrastructure" | "territory" | "table";
  publisher: string;
  licence: string;
  licence_url: string | null;
  attribution: string | null;
  address: string;
  vintage: string;
  refresh: string;
  precision_m: number;
  counts: { read: number; features: number; repaired: number; rejected: number };
  extent_lonlat: [number, number, number, number] | null;
  columns: Record<string, Column>;
}

export interface Column {
  type: string;
  title: { fr: string; en: string } | null;
  unit: string | null;
  /** The source's own words, in French, by ours. */
  words: Record<string, string>;
}

/** What every door works with. */
export interface Place {
  map: import("maplibre-gl").Map;
  provenance: Provenance;
}

export interface Provenance {
  snapshot: string;
  layers: LayerProvenance[];
}

export interface LegendItem {
  title: string;
  shape: "area" | "hatch" | "line" | "icon";
  color: string;
  edge?: string;
  dash?: number[];
  width?: number;
  opacity?: number;
  /** A letter in the area. */
  glyph?: string;
  /** Name of an image of the sprite. */
  icon?: string;
  hatch?: string;
}

export interface LegendGroup {
  id: string;
  title: string;
  /** Layers of the snapshot that it speaks of. */
  of: string[];
  items: LegendItem[];
}

/** The feature that decided a measure. */
export interface Witness {
  layer: string;
  id: string;
  name: string | null;
  /** The shortest way there, in degrees. */
  way?: [[number, number], [number, number]];
}

/** One criterion of one site. */
export interface Finding {
  criterion: string;
  /** `null` when unknown. */
  value: number | string | boolean | null;
  at_least?: true;
  unit?: string;
  /** Why nothing is known. */
  unknown?: string;
  /** Absent where nothing is required. */
  outcome?: "pass" | "fail" | "unknown";
  borderline?: true;
  /** Between 0 and 1. */
  worth?: number;
  /** What it adds to the score. */
  contribution?: number;
  witness?: Witness;
}

export interface Site {
  rank: number;
  rank_interval: [number, number];
  score: number;
  score_interval: [number, number];
  layer: string;
  id: string;
  name: string | null;
  commune: { code: string; name: string | null } | null;
  area_m2: number | null;
  lon: number | null;
  lat: number | null;
  weakest?: string;
  findings: Finding[];
}

export interface Source {
  layer: string;
  title: { fr: string; en: string } | string;
  publisher: string;
  licence: string;
  vintage: string;
  address: string;
  precision_m: number;
}

export interface Answer {
  id: string;
  title?: string;
  snapshot: string;
  candidates: { considered: number; features: number; filtered: number };
  passing: number;
  /** Too little is known of them. */
  undecided: number;
  borderline: number;
  /** `share` of all weights; absent without a value function. */
  criteria: { name: string; kind: string; required?: string; share?: number; unit?: string }[];
  requirements: { criterion: string; required: string; tested: number; removed: number; unknown: number }[];
  /** All that are listed; of a large answer the first of them. */
  sites: Site[];
  /** What the page holds of all sites of a large answer, in the order of the list. */
  rest?: { keys: string[]; /** Longitude and latitude, one after the other; not a number where unknown. */ places: Float64Array };
  undecided_sites: Site[];
  sources: Source[];
  asked: Spec;
  forms: Record<string, string>;
}

/** A specification in its normal writing. */
export interface Spec {
  emprise: 1;
  title?: string;
  candidates: { layers: string[]; within?: string | object; where?: string; assemble?: object };
  limit?: number;
  weights?: { order?: (string | string[])[]; swing?: Record<string, number>; pairwise?: object };
  criteria: Record<string, Criterion>;
  [other: string]: unknown;
}

/** A criterion, or a group of criteria. */
export interface Criterion {
  kind: string;
  required?: string;
  value?: Record<string, number>;
  weight?: number;
  n?: number;
  criteria?: Record<string, Criterion>;
  [own: string]: unknown;
}

/** How a measure spreads over the candidates. */
export interface Spread {
  criterion: string;
  unit?: string;
  known: number;
  unknown: number;
  scale: "number" | "date" | "words";
  from: number;
  to: number;
  bins: number[];
  above: number;
  words: { word: string; count: number }[];
}
