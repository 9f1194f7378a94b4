// Canned words come where somebody types, else into the first text of the form; the form says which were used.
let typedLast;
document.addEventListener("focusin", event => {
  if (event.target.matches("textarea")) typedLast = event.target;
});
document.addEventListener("click", event => {
  const button = event.target.closest(".canned button[name=more]");
  if (!button) return;
  event.preventDefault();
  const {form} = button, chosen = form._words.selectedOptions[0], {text} = chosen.dataset;
  const field = typedLast && typedLast.form === form && typedLast.isConnected ? typedLast : form.querySelector("textarea");
  if (!text || !field) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  form._canned.value += `${form._canned.value && ","}${chosen.value}`;
  field.focus();
  field.dispatchEvent(new Event("input", {bubbles: true}));
});
