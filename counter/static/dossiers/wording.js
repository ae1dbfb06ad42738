// Words of dossiers that depend on a code: statuses, units, kinds of paper, what a count did.
import { name, t, tn } from "motcua/words.js";

/** A status of the national portal: icon and word. */
export function statusOf(status) {
  return {
    1: { icon: "inbox", words: t("Registered") },
    2: { icon: "file-check", words: t("Accepted") },
    3: { icon: "x", words: t("Not accepted") },
    4: { icon: "briefcase", words: t("In process") },
    5: { icon: "pause", words: t("Papers are missing") },
    6: { icon: "wallet", words: t("Payment is due") },
    7: { icon: "undo-2", words: t("Withdrawn") },
    8: { icon: "pause", words: t("Stopped") },
    9: { icon: "stamp", words: t("Result ready") },
    10: { icon: "check-check", words: t("Result collected") },
  }[status];
}

/** How long something takes: "5 working days". */
export function spanWords(unit, count) {
  if (unit === "same_day") return t("Same day");
  if (count === null) return t("time not known");
  if (unit === "working_day") return tn("%(n)s working day", "%(n)s working days", count);
  if (unit === "calendar_day") return tn("%(n)s calendar day", "%(n)s calendar days", count);
  return tn("%(n)s working hour", "%(n)s working hours", count);
}

/** What is asked where the catalogue does not say how long it takes. */
export function countLabel(unit) {
  return {
    working_day: t("How many working days?"),
    calendar_day: t("How many calendar days?"),
    hour: t("How many working hours?"),
  }[unit];
}

/** Kinds of paper, in the order of a list. */
export const kinds = () => [
  ["original", t("original")],
  ["copy", t("copy")],
  ["certified", t("certified copy")],
  ["electronic", t("electronic")],
];

/** Ways by which a dossier comes. */
export const channels = () => [
  [1, t("at the counter")],
  [2, t("online")],
  [3, t("by public post")],
];

/** Why a due date is later than its number says. */
export function ruleWords(rule) {
  return {
    "after-15": t("Received after 15:00: due on the next working day."),
    "day-off": t("Received on a day off: due on the next working day."),
    moved: t("The last day is a day off: it moves to the next working day."),
  }[rule];
}

/** đồng as people here write them, "8.000 đ". */
export const dong = (amount) => `${String(amount).replace(/\B(?=(\d{3})+$)/g, ".")} đ`;

/** What the catalogue says in Vietnamese where nobody has entered what the province decided. */
const OF_PROVINCE = "Theo nghị quyết của HĐND tỉnh";

/** The fee of a procedure: an amount, or that it is free, or who sets it. */
export function feeWords({ vnd, note }) {
  if (vnd === null) return note && note !== OF_PROVINCE ? note : t("Set by the province's People's Council");
  return vnd === 0 ? t("Free of charge") : dong(vnd);
}

/** Names in the clerk's language, with the language they are in where it is another one. */
export function named(names) {
  const own = document.documentElement.lang;
  return { words: name(names), lang: names[own] ? undefined : "vi" };
}
