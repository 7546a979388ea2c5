// What the server answers, as far as the page reads it.
export interface LayerProvenance {
  id: string;
  title: string | { fr: string; en: string };
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
  /** Absent where nothing is required. */
  outcome?: "pass" | "fail" | "unknown";
  borderline?: true;
  /** What it adds to the score. */
  contribution?: number;
  witness?: Witness;
}

export interface Site {
  rank: number;
  score: number;
  layer: string;
  id: string;
  name: string | null;
  commune: { code: string; name: string | null } | null;
  area_m2: number | null;
  lon: number | null;
  lat: number | null;
  findings: Finding[];
}

export interface Answer {
  title?: string;
  candidates: { considered: number };
  passing: number;
  /** Too little is known of them. */
  undecided: number;
  /** `share` of all weights; absent without a value function. */
  criteria: { name: string; required?: string; share?: number }[];
  requirements: { criterion: string; required: string; removed: number; unknown: number }[];
  sites: Site[];
}
