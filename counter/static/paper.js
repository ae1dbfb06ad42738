// A sheet is printed by the browser, which knows the printers of this PC and their paper.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
