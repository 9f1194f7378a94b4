// One more row of a form, without asking the server for it.
document.addEventListener("click", event => {
  const button = event.target.closest("[data-rows] > button[name=more]");
  if (!button) return;
  event.preventDefault();
  const rows = button.parentNode, rowsNow = rows.querySelectorAll(":scope > .row"), number = rowsNow.length;
  const last = rowsNow[number - 1], row = last.cloneNode(true), name = rows.dataset.rows;
  const renamed = said => said.split(`${name}.${number - 1}`).join(`${name}.${number}`);
  row.querySelectorAll(".fault").forEach(one => one.remove());
  row.querySelectorAll("*").forEach(one => {
    ["id", "for", "name", "data-rows"].forEach(at => one.hasAttribute(at) && one.setAttribute(at, renamed(one.getAttribute(at))));
    ["required", "aria-invalid", "aria-describedby"].forEach(at => one.removeAttribute(at));
    if (one.matches("select")) one.selectedIndex = 0;
    else if (one.matches("[type=checkbox], [type=radio]")) one.checked = false;
    else if (one.matches("input, textarea")) one.value = one.dataset.preset || "";
  });
  const title = row.querySelector("legend, label").firstChild;
  title.data = title.data.replace(/\d+\s*$/, number + 1);
  last.after(row);
  button.hidden = number + 1 >= (+rows.dataset.most || 50);
  row.querySelector("select, input, textarea").focus();
  row.dispatchEvent(new Event("input", {bubbles: true}));
});
