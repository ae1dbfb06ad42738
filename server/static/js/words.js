/* Words in the person's language; the catalogues come from server/translations. */

const HOURS_FROM = 120; // minutes; beyond them waits are told in whole hours

const catalogues = {};
let language = document.documentElement.lang || "vi";

/** Fetches a language's words once; without a network the English ids are shown. */
export async function loadWords(wanted) {
  if (catalogues[wanted]) return;
  try {
    const answer = await fetch(`/words/${wanted}.json`);
    if (answer.ok) catalogues[wanted] = await answer.json();
  } catch {
    // The page still works; its service worker or the next load brings the words.
  }
}

/** The language of all words from now on; its catalogue must have been loaded. */
export function setLanguage(wanted) {
  language = wanted;
}

function fill(text, params) {
  return params ? text.replace(/%\((\w+)\)s/g, (all, key) => params[key] ?? all) : text;
}

/** A word by its English id, with `%(name)s` filled in. */
export function t(id, params) {
  const found = catalogues[language]?.[id];
  return fill((Array.isArray(found) ? found[0] : found) || id, params);
}

/** A word that depends on a number: `%(n)s` is that number. */
export function tn(one, many, n, params) {
  const forms = catalogues[language]?.[one];
  const form = Array.isArray(forms) ? forms[n === 1 ? 0 : forms.length - 1] : forms;
  return fill(form || (n === 1 ? one : many), { n, ...params });
}

/** Names by language: the present one, else Vietnamese. */
export const name = (names) => (names ? (names[language] ?? names.vi ?? "") : "");

/** A likely wait in words; empty when there is nothing to go by. */
export function waitWords(minutes) {
  if (!minutes) return "";
  const [low, high] = minutes;
  if (low === 0) return t("less than %(high)s minutes", { high });
  if (low >= HOURS_FROM) {
    return t("about %(low)s–%(high)s hours", { low: low / 60, high: high / 60 });
  }
  return t("about %(low)s–%(high)s minutes", { low, high });
}
