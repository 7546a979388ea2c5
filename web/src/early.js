// What the first view needs from the server, asked for while the page's larger files are still on their way.
import { language, scheme } from "./shell/reader.js";

export const HOME_STYLE = "styles/land-availability.json";

/** @type {Map<string, Promise<any>>} */
const asked = new Map();

/** What was asked for early, once; nothing where it was not, or could not be had. @param {string} path @returns {Promise<any>} */
export async function early(path) {
  const answer = asked.get(path);
  asked.delete(path);
  return answer;
}

/** @param {string} path a style's, without language and scheme */
export function inReadersWay(path) {
  return `${path}${path.includes("?") ? "&" : "?"}lang=${language}&scheme=${scheme}`;
}

/** @param {string} path @returns {Promise<any>} */
function ahead(path) {
  const answer = fetch(new URL(path, document.baseURI)).then((response) => (response.ok ? response.json() : undefined)).catch(() => undefined);
  asked.set(path, answer);
  return answer;
}

ahead(inReadersWay(HOME_STYLE)).then((style) => {
  for (const { url } of Object.values(style?.sources ?? {})) if (url) ahead(url);
});
