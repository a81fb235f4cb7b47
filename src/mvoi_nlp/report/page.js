"use strict";
(function () {
  const panel = document.getElementById("paneel");
  const body = document.getElementById("paneel-inhoud");
  const address = document.getElementById("paneel-adres");
  if (!panel.showModal) { return; } // an old browser follows the link to the same list at the end of the page

  function place(link) {
    return link.getAttribute("href") || link.getAttributeNS("http://www.w3.org/1999/xlink", "href") || "";
  }

  // the list is copied from the page as nodes: text stays text
  function open(key) {
    const target = document.getElementById(key);
    const list = target && target.closest(".evidence");
    if (!list) { return false; }
    const copy = list.cloneNode(true);
    const part = target === list ? null : copy.querySelector("[id='" + key + "']");
    if (target === list) { copy.querySelectorAll("details").forEach(function (d) { d.open = true; }); }
    [copy].concat(Array.from(copy.querySelectorAll("[id]"))).forEach(function (node) { node.removeAttribute("id"); });
    copy.removeAttribute("aria-labelledby");
    body.replaceChildren(copy);
    address.href = "#" + key;
    history.replaceState(null, "", "#" + key);
    if (!panel.open) { panel.showModal(); }
    panel.scrollTop = 0;
    if (part && part.previousElementSibling.classList.contains("group")) { part.scrollIntoView({ block: "start" }); }
    return true;
  }

  document.addEventListener("click", function (event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
    const link = event.target.closest("a");
    if (!link) { return; }
    const to = place(link);
    if (link !== address && to.startsWith("#cell-") && open(to.slice(1))) {
      event.preventDefault();
    } else if (to.startsWith("#") && panel.open) {
      panel.close();
    }
  });
  panel.addEventListener("click", function (event) { if (event.target === panel) { panel.close(); } });
  document.getElementById("paneel-sluit").addEventListener("click", function () { panel.close(); });
  if (location.hash.startsWith("#cell-")) { open(decodeURIComponent(location.hash.slice(1))); }
})();
