// Words for how an agency's share of time stands.
import { t, tn } from "motcua/words.js";

/** What is left of a share: its words, an icon, and how it looks. */
export function leftOf(row) {
  if (row.stands) return { look: "stands", icon: "pause", words: standsWords(row.status) };
  if (row.left === null) return { look: "fine", icon: "clock", words: t("No date is set") };
  if (row.left < 0) {
    return {
      look: "used-up",
      icon: "triangle-alert",
      words: tn("Time used up %(n)s working day ago", "Time used up %(n)s working days ago", -row.left),
    };
  }
  if (row.left === 0) return { look: "soon", icon: "clock", words: t("To be done today") };
  return {
    look: row.left === 1 ? "soon" : "fine",
    icon: "clock",
    words: tn("%(n)s working day left", "%(n)s working days left", row.left),
  };
}

const SUPPLEMENT = 5;
const PAYMENT = 6;

function standsWords(status) {
  if (status === SUPPLEMENT) return t("The clock stands still: papers are awaited");
  if (status === PAYMENT) return t("The clock stands still: a payment is awaited");
  return t("The clock stands still: the work is stopped");
}

/** A share in words. */
export function countWords(count, unit) {
  if (unit === "hour") return tn("%(n)s working hour", "%(n)s working hours", count);
  if (unit === "calendar_day") return tn("%(n)s day", "%(n)s days", count);
  return tn("%(n)s working day", "%(n)s working days", count);
}

/** A share, and when it ends. */
export function shareWords(row, zone) {
  const until = t("until %(moment)s", { moment: clockOf(row.share_due_at, zone) });
  return `${countWords(row.share, row.unit)}, ${until}`;
}

/** A moment on the office's clock, the way Vietnamese papers write it. */
export function clockOf(iso, zone) {
  if (!iso) return "–";
  const parts = { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric" };
  return new Intl.DateTimeFormat("vi", { ...parts, timeZone: zone, hourCycle: "h23" }).format(Date.parse(iso));
}
