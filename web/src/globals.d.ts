/** Name of the worker's file under assets/, filled in by build.mjs. */
declare const WORKER_FILE: string;
/** Name of the file that reads large answers. */
declare const ANSWERS_FILE: string;
/** The outlines of the sprite's icons, 20 units each way, and its hatches, filled in by build.mjs. */
declare const ICONS: Record<string, string>;
declare const HATCHES: Record<string, { path: string; size: number; width?: number; color: string }>;
declare module "*.css";
interface Window {
  /** For tests only: the map, to wait for. */
  __map?: import("maplibre-gl").Map;
}
