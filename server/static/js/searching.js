/* Finding a procedure by a few letters: what server/offices/searching.py does, for the screens. */

const MARKS = /[\u0300-\u036f]/g;
// eslint-disable-next-line no-control-regex
const BETWEEN = /[\s\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+/g;
const CODE = /([0-9])\.([0-9]{6})(?:\.[0-9]{3}(?:\.[0-9]{2}){2}(?:\.[gh][0-9]{2})?)?(?![0-9])/g;
const KHMER = /[\u1780-\u17ff]/;
const NOWHERE = 9;

/** Small letters without accents, đ as d, one space between words; a code without dots and suffix. */
export function plain(words) {
  const low = words.toLowerCase().normalize("NFD").replace(MARKS, "").replace(/đ/g, "d");
  return low.replace(CODE, "$1$2").replace(BETWEEN, " ").trim();
}

function accented(words) {
  return words.toLowerCase().normalize("NFC").replace(BETWEEN, " ").trim();
}

/** How well a procedure fits, lower first: `[0 … 4 or 9 for not at all, words in its name]`. */
export function rank(query, procedure) {
  const asked = plain(query);
  const digits = plain(procedure.code);
  if (!asked || asked === digits) return [0, 0];
  const parts = asked.split(" ");
  const names = Object.values(procedure.names).filter(Boolean);
  const best = names.map((name) => fit(query, asked, parts, name)).sort(compare)[0];
  if (best && best[0] < NOWHERE) return best;
  const everything = plain([...names, ...Object.values(procedure.field_names)].join(" "));
  const text = ` ${everything} ${digits} ${digits.slice(1)}`;
  return parts.every((part) => within(part, text)) ? [4, 0] : [NOWHERE, 0];
}

/** Those that fit, the best first, else in their own order; all of them for an empty query. */
export function search(query, procedures) {
  return procedures
    .map((one, place) => ({ one, fit: [...rank(query, one), place] }))
    .filter(({ fit: [group] }) => group < NOWHERE)
    .sort((a, b) => compare(a.fit, b.fit))
    .map(({ one }) => one);
}

function fit(query, asked, parts, name) {
  const text = ` ${plain(name)}`;
  const length = text.trim().split(" ").length;
  if (within(accented(query), ` ${accented(name)}`)) return [1, length];
  if (within(asked, text)) return [2, length];
  return parts.every((part) => within(part, text)) ? [3, length] : [NOWHERE, 0];
}

/** Whether a word of the text begins so; Khmer, which has no spaces, anywhere. */
function within(part, text) {
  return text.includes(KHMER.test(part) ? part : ` ${part}`);
}

function compare(a, b) {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at] - b[at];
}
