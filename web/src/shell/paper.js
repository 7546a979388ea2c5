// A page to print that has no address, such as the answer to a drawn plot, in a tab of its own.
import { word } from "./language.js";

/** Opens the tab, which a browser allows in a click alone, and fills it once the page is there. @param {Promise<string>} page @returns {Promise<boolean>} whether there is a tab */
export async function openPaper(page) {
  const tab = window.open("", "_blank");
  if (!tab) return false;
  write(tab, `<p>${word("preparing")}</p>`, "");
  try {
    const html = await page;
    const [style, sheet] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? ["", ""];
    write(tab, html.replace(style, "").replace(/<meta http-equiv[^>]*>/, ""), sheet);
  } catch (error) {
    tab.close();
    throw error;
  }
  return true;
}

/** The tab has this page's policy, which takes no style element: the same rules are handed over as a style sheet. @param {Window} tab @param {string} html @param {string} rules */
function write(tab, html, rules) {
  tab.document.open();
  tab.document.write(html.startsWith("<!DOCTYPE") ? html : `<!DOCTYPE html><title>Emprise</title>${html}`);
  tab.document.close();
  const sheet = new /** @type {any} */ (tab).CSSStyleSheet();
  sheet.replaceSync(rules);
  tab.document.adoptedStyleSheets = [sheet];
}
