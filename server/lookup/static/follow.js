/* Joins the live view. A browser without import maps cannot load this module; phone.js then asks
   for the page by itself. */
import { watch } from "../../static/js/live.js";
import { follow } from "./phone.js";

const PATIENCE_MS = 8000; // a phone's network, not the hall's

follow((token, on) => watch({ view: "ticket", token }, on, { patience: PATIENCE_MS }));
