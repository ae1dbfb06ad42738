/** Colours that can be read from ten metres: white text on them has at least 7:1. */

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
export function luminance(colour) {
  const [red, green, blue] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of white text on `colour`, from 1 to 21. */
export function againstWhite(colour) {
  return 1.05 / (luminance(colour) + 0.05);
}

/** `colour` itself, or the lightest darker shade of it on which white text has `ratio`. */
export function deepen(colour, ratio = 7) {
  let shade = channels(colour);
  for (let step = 100; step > 0; step -= 1) {
    const text = hex(shade);
    if (againstWhite(text) >= ratio) return text;
    shade = channels(colour).map((value) => (value * (step - 1)) / 100);
  }
  return "#000000";
}

function channels(colour) {
  return [1, 3, 5].map((place) => Number.parseInt(colour.slice(place, place + 2), 16));
}

function hex(parts) {
  return `#${parts.map((value) => Math.floor(value).toString(16).padStart(2, "0")).join("")}`;
}
