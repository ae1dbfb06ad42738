/* Moments and waits in words, by the server's clock and the office's time zone. */
import { t } from "motcua/words.js";

const LOCALES = { vi: "vi-VN", en: "en-GB", km: "km-KH" };

function parts(moment, timezone, options, language = "en") {
  return new Intl.DateTimeFormat(LOCALES[language], { timeZone: timezone, ...options }).format(moment);
}

function day(moment, timezone) {
  return parts(moment, timezone, { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** "13:00". Always with Western digits and 24 hours, as on the wall clock. */
export function clock(moment, timezone) {
  return parts(moment, timezone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** "Tuesday 24 November" in the language of the screen; "24/11/2026" where the browser lacks it. */
export function date(moment, timezone, language) {
  const known = Intl.DateTimeFormat.supportedLocalesOf(LOCALES[language]).length > 0;
  if (!known) return day(moment, timezone);
  const options = { weekday: "long", day: "numeric", month: "long", numberingSystem: "latn" };
  return parts(moment, timezone, options, language);
}

/** A dash at which no line may break. */
const GLUED_DASH = "\u2060–\u2060";

/** "07:00–11:00, 13:00–17:00": the hours of this weekday; empty on a day without any. */
export function todaysHours(state) {
  const weekday = parts(new Date(state.now), state.timezone, { weekday: "short" }).toLowerCase();
  return (state.hours?.[weekday] ?? [])
    .map(([from, to]) => `${from}${GLUED_DASH}${to}`)
    .join(", ");
}

/** "13:00 today", "07:00 tomorrow" or "07:00 on Monday 30 November"; empty for no moment. */
export function whenWords(iso, state, language) {
  if (!iso) return "";
  const moment = new Date(iso);
  const time = clock(moment, state.timezone);
  const now = new Date(state.now);
  if (day(moment, state.timezone) === day(now, state.timezone)) return t("%(time)s today", { time });
  const tomorrow = new Date(now.getTime() + 24 * 3600 * 1000);
  if (day(moment, state.timezone) === day(tomorrow, state.timezone)) {
    return t("%(time)s tomorrow", { time });
  }
  const weekday = date(moment, state.timezone, language);
  // "Thứ Năm" begins a sentence with a capital, and goes on in the middle of one without it.
  const words = language === "vi" ? weekday[0].toLowerCase() + weekday.slice(1) : weekday;
  return t("%(time)s on %(date)s", { time, date: words });
}
