// Choosing the procedure by a few letters, with or without accents; those of the ticket's service
// come first.
import { html, useEffect, useRef, useState } from "preact";
import { name, t } from "motcua/words.js";
import { ask } from "motcua/api.js";
import { search } from "motcua/searching.js";
import { Icon } from "../parts.js";
import { named } from "./wording.js";

const SHOWN = 40;
const kept = new Map(); // the catalogue by office: it changes once a day at most

/** The procedures of an office: {list, failed}; null as a list until they are there. */
export function useProcedures(slug) {
  const [found, setFound] = useState({ list: kept.get(slug) ?? null, failed: "" });
  useEffect(() => {
    let here = true;
    const show = (values) => here && setFound((before) => ({ ...before, ...values }));
    ask("GET", `/offices/${slug}/fees`).then(
      ({ procedures }) => {
        const list = [...new Map(procedures.map((one) => [one.code, one])).values()];
        kept.set(slug, list);
        show({ list, failed: "" });
      },
      (error) => show({ failed: error.detail || t("No answer from the server.") }),
    );
    return () => (here = false);
  }, [slug]);
  return found;
}

/** Those that fit `query`, the ticket's service first. */
export function fitting(query, list, service) {
  const found = search(query, list);
  const own = found.filter((one) => one.service === service);
  return [...own, ...found.filter((one) => one.service !== service)];
}

/**
 * @param chosen the procedure, or null
 * @param service code of the ticket's service, or nothing
 * @param error words on what is wrong, or nothing
 */
export function ProcedureField({ list, failed, chosen, service, error, onChoose, onChange }) {
  if (chosen) return html`<${Chosen} procedure=${chosen} onChange=${onChange} />`;
  return html`<div class=${`procedure ${error ? "field-wrong" : ""}`}>
    <label for="procedure"><${Icon} name="search" />${t("Procedure")}</label>
    ${list
      ? html`<${Choosing} list=${list} service=${service} error=${error} onChoose=${onChoose} />`
      : html`<p role="status">${failed || t("One moment …")}</p>`}
    ${error && html`<p class="field-error" id="procedure-error"><${Icon} name="triangle-alert" />${error}</p>`}
  </div>`;
}

function Chosen({ procedure, onChange }) {
  const { words, lang } = named(procedure.names);
  return html`<div class="procedure procedure-chosen">
    <p class="procedure-name" lang=${lang} title=${words}>${words}</p>
    <p class="procedure-code">${procedure.code} · ${name(procedure.field_names)}</p>
    <button type="button" class="press" data-act="change-procedure" onClick=${onChange}>
      <${Icon} name="search" />${t("Other procedure")}
    </button>
  </div>`;
}

function Choosing({ list, service, error, onChoose }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef();
  const found = fitting(query, list, service);
  const shown = found.slice(0, SHOWN);
  useEffect(() => input.current.focus(), []);
  useEffect(() => {
    document.getElementById(`procedure-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at, query]);

  const more = t("%(n)s fit; more letters show fewer.", { n: found.length });
  const keys = {
    ArrowDown: () => setAt(Math.min(at + 1, shown.length - 1)),
    ArrowUp: () => setAt(Math.max(at - 1, 0)),
    Enter: (typed) => {
      // Somebody quick presses Enter before the list has followed: what is typed counts.
      const one = typed === query ? shown[at] : fitting(typed, list, service)[0];
      if (one) onChoose(one);
    },
  };
  const press = (event) => {
    if (!keys[event.key] || event.ctrlKey || event.isComposing) return;
    event.preventDefault();
    keys[event.key](event.target.value);
  };
  return html`<input
      id="procedure"
      type="text"
      role="combobox"
      aria-expanded="true"
      aria-controls="procedure-list"
      aria-autocomplete="list"
      aria-activedescendant=${shown.length ? `procedure-${at}` : undefined}
      aria-describedby=${error ? "procedure-error" : undefined}
      aria-invalid=${error ? "true" : undefined}
      autocomplete="off"
      spellcheck=${false}
      placeholder=${t("A few letters or the code; accents do not matter")}
      ref=${input}
      value=${query}
      onInput=${(event) => {
        setQuery(event.target.value);
        setAt(0);
      }}
      onKeyDown=${press}
    />
    <ul id="procedure-list" class="procedure-list" role="listbox" aria-label=${t("Procedures")}>
      ${shown.map((one, index) => {
        const { words, lang } = named(one.names);
        return html`<li
          key=${one.code}
          id=${`procedure-${index}`}
          role="option"
          aria-selected=${index === at ? "true" : "false"}
          onClick=${() => onChoose(one)}
        >
          <span class="option-name" lang=${lang}>${words}</span>
          <span class="option-more">${one.code} · ${name(one.field_names)}</span>
        </li>`;
      })}
    </ul>
    <p class="procedure-none" role="status">
      ${!shown.length &&
      (list.length ? t("No procedure fits. Fewer letters find more.") : t("The catalogue is empty. Load it with: motcua procedures load"))}
      ${found.length > SHOWN && more}
    </p>`;
}
