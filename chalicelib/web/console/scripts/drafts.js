// Nothing typed is lost: what is not sent yet stays in this browser for a day, each person's by itself.
const user = document.body.dataset.user, mark = "d|", day = 864e5, sent = "sent";
const drafts = () => Object.keys(localStorage).filter(key => key.startsWith(mark));
const read = key => { try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; } };
const typed = form => [...new FormData(form)].filter(([name, value]) => name[0] !== "_" && typeof value === "string");
const gone = document.querySelector("[data-signed-out]");
drafts().forEach(key => { if (gone || !(read(key).at > Date.now() - day)) localStorage.removeItem(key); });
const last = sessionStorage.getItem(sent);
sessionStorage.removeItem(sent);
if (last && document.querySelector("[data-done], p.done")) localStorage.removeItem(last);

const fill = (form, said) => {
  for (const [name] of said) {
    for (const rows of form.querySelectorAll("[data-rows]")) {
      const number = name.startsWith(`${rows.dataset.rows}.`) ? parseInt(name.slice(rows.dataset.rows.length + 1), 10) : 0;
      const more = rows.querySelector(":scope > button[name=more]");
      for (let tries = 0; more && tries < number && rows.querySelectorAll(":scope > .row").length <= number; tries++) more.click();
    }
  }
  const left = said.slice();
  for (const field of form.elements) {
    if (!field.name || field.name[0] === "_" || field.matches("button, [type=hidden], [type=file]")) continue;
    const ticks = field.matches("[type=checkbox], [type=radio]");
    const at = left.findIndex(([name, value]) => name === field.name && (!ticks || value === field.value));
    if (ticks) field.checked = at >= 0;
    else if (at >= 0) field.value = left[at][1];
    const folded = at >= 0 && left[at][1] && field.closest("details");
    if (folded) folded.open = true;
    if (at >= 0) left.splice(at, 1);
  }
};

// Once all of the script is there: rows are added by the button that adds them.
document.addEventListener("DOMContentLoaded", () => user && document.querySelectorAll("form[data-draft]").forEach(form => {
  const key = `${mark}${user}|${form.dataset.draft}`, before = JSON.stringify(typed(form)), draft = read(key);
  const told = form.querySelector(".restored");
  if (draft.said && !("typed" in form.dataset) && JSON.stringify(draft.said) !== before) {
    const focused = document.activeElement;
    fill(form, draft.said);
    focused.focus({preventScroll: true});
    form.dataset.dirty = "";
    if (told) told.hidden = false;
  }
  if ("typed" in form.dataset) form.dataset.dirty = "";
  const keep = () => {
    form.dataset.dirty = "";
    try { localStorage.setItem(key, JSON.stringify({at: Date.now(), said: typed(form)})); } catch { /* full, or forbidden */ }
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => sessionStorage.setItem(sent, key));
  form.addEventListener("click", event => {
    if (!event.target.closest("[data-discard]")) return;
    localStorage.removeItem(key);
    fill(form, JSON.parse(before));
    delete form.dataset.dirty;
    told.hidden = true;
    form.querySelector("textarea, input:not([type=hidden]), select").focus();
  });
}));
