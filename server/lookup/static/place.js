/* Where one stands, from the queue's shared order: plain rules, without the page.
   No syntax newer than ES2019 in these modules: phones in the hall are old. */

/** How many come before `ref` in the calling order; -1 when it is not in it. */
export function placeIn(order, ref) {
  return order.indexOf(ref);
}

/** The minutes between which a wait is told: as server/queueing/estimates.py rounds it. */
export function waitRange(seconds, edges) {
  const minutes = Math.max(0, seconds) / 60;
  for (let place = 1; place < edges.length; place += 1) {
    if (minutes < edges[place]) return [edges[place - 1], edges[place]];
  }
  const low = Math.floor(minutes / 60) * 60;
  return [low, low + 60];
}

/** A sentence with its `%(name)s` blanks filled in. */
export function fill(sentence, blanks) {
  return sentence.replace(/%\((\w+)\)s/g, (blank, name) => (name in blanks ? blanks[name] : blank));
}

/** A likely wait in words; empty when there is nothing to go by. */
export function waitWords(minutes, words, hoursFrom) {
  if (!minutes) return "";
  const [low, high] = minutes;
  if (low === 0) return fill(words.under, { high });
  if (low >= hoursFrom) {
    return fill(words.hours, { low: Math.floor(low / 60), high: Math.floor(high / 60) });
  }
  return fill(words.minutes, { low, high });
}

/** How many are called before, as the text in front of the number, the number, and what follows. */
export function aheadWords(ahead, words) {
  if (!ahead) return [words.next, "", ""];
  const [before, after] = words.ahead[ahead === 1 ? 0 : 1].split("%(n)s");
  return [before, String(ahead), after];
}

/** Whether the page must be drawn anew for this state: see `CHANGING` in server/lookup/phone.py. */
export function differs(one, other, names) {
  return names.some((name) => known(one[name]) !== known(other[name]));
}

const known = (value) => (value && value.code !== undefined ? value.code : value);

/** "9:05" of a moment in milliseconds, by the clock of the office whose ISO moment `iso` is. */
export function clockOf(moment, iso) {
  const zone = /([+-])(\d\d):(\d\d)$/.exec(iso);
  const minutes = zone ? Number(zone[2]) * 60 + Number(zone[3]) : 0;
  const there = new Date(moment + (zone && zone[1] === "-" ? -minutes : minutes) * 60000);
  return `${there.getUTCHours()}:${String(there.getUTCMinutes()).padStart(2, "0")}`;
}
