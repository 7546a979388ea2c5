/** Name of the worker's file under assets/, filled in by build.mjs. */
declare const WORKER_FILE: string;
declare module "*.css";
interface Window {
  /** For tests only: the map, to wait for. */
  __map?: import("maplibre-gl").Map;
}
