/* Joins the live view. A browser without import maps cannot load this module; phone.js then asks
   for the page by itself. */
import { watch } from "../../static/js/live.js";
import { follow } from "./phone.js";

follow((token, on) => watch({ view: "ticket", token }, on));
