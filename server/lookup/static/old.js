/* For browsers without modules (before 2018): the page loads itself again. */
(function () {
  var page = document.getElementById("page");
  var seconds = Number(page.getAttribute("data-refresh"));
  if (seconds) {
    setTimeout(function () {
      location.replace(page.getAttribute("data-address") + location.search);
    }, seconds * 1000);
  }
})();
