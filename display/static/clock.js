/** Times as the hall's clock shows them, whatever zone this computer is set to. */
import { primary } from "./say.js";

const formats = new Map();

function format(kind, zone, options) {
  const key = `${kind} ${primary()} ${zone}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat(locales(), { timeZone: zone, ...options }));
  }
  return formats.get(key);
}

/** Browsers know few names of days in Khmer; the hall's other language is better than English. */
function locales() {
  return [primary(), "vi"];
}

/** A moment (ISO text or milliseconds) as `09:41`. */
export function time(moment, zone) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return format("time", zone, options).format(new Date(moment));
}

/** A moment's day as `thứ Ba, 24/11`. */
export function day(moment, zone) {
  const options = { weekday: "long", day: "numeric", month: "numeric" };
  return format("day", zone, options).format(new Date(moment));
}

/** Whether two moments are on the same day of the hall. */
export function sameDay(one, other, zone) {
  const date = format("date", zone, { dateStyle: "short" });
  return date.format(new Date(one)) === date.format(new Date(other));
}
