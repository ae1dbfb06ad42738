// Days and moments as people here write them, on the office's own clock.
import { t, tn } from "motcua/words.js";

const parts = (moment, timezone) =>
  Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: timezone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "numeric",
      minute: "2-digit",
    })
      .formatToParts(new Date(moment))
      .map(({ type, value }) => [type, value]),
  );

/** "02/12/2026" */
export function dayOf(moment, timezone) {
  const { day, month, year } = parts(moment, timezone);
  return `${day}/${month}/${year}`;
}

/** "9:05" */
export function timeOf(moment, timezone) {
  const { hour, minute } = parts(moment, timezone);
  return `${Number(hour)}:${minute}`;
}

/** "9:05 · 02/12/2026" */
export function momentOf(moment, timezone) {
  return `${timeOf(moment, timezone)} · ${dayOf(moment, timezone)}`;
}

/** The day's name, "Thứ Tư". */
export function weekdayOf(moment, timezone) {
  const language = document.documentElement.lang;
  return new Intl.DateTimeFormat([language, "vi"], { timeZone: timezone, weekday: "long" }).format(new Date(moment));
}

/** A date of the calendar, "2026-11-24", as "24/11". */
export function shortDay(iso) {
  const [, month, day] = iso.split("-");
  return `${day}/${month}`;
}

const PAUSING = new Set([5, 6, 8]);
const OVER = new Set([3, 7, 9, 10]);

/**
 * How a dossier stands with its due date: late, due today, or days left.
 *
 * @returns {{look: "late" | "today" | "left" | "still", icon: string, words: string} | null}
 */
export function leftWords(row) {
  const icons = { late: "triangle-alert", today: "clock", left: "calendar-clock", still: "pause" };
  const made = (look, words) => ({ look, icon: icons[look], words });
  if (row.due_at && PAUSING.has(row.status)) return made("still", t("the clock stands still"));
  if (row.left === null || row.left === undefined || OVER.has(row.status)) return null;
  if (row.left < 0) return made("late", tn("%(n)s day late", "%(n)s days late", -row.left));
  if (row.left === 0) return made("today", t("due today"));
  return made("left", tn("%(n)s day left", "%(n)s days left", row.left));
}
