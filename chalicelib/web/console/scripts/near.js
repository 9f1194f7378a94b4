// While something is typed: who else is at it, and whether it has moved since. It keeps the session alive, too.
for (const form of document.querySelectorAll("form[data-near]")) {
  const said = form.querySelector(".near");
  let asked = 0;
  const ask = async () => {
    if (!("dirty" in form.dataset) || document.hidden || Date.now() - asked < 19e3) return;
    asked = Date.now();
    try {
      const answer = await fetch(form.dataset.near, {method: "POST", body: new URLSearchParams({seen: form.elements._seen.value})});
      const told = answer.ok ? (await answer.text()).trim() : "";
      if (answer.ok && told !== said.innerHTML.trim()) said.innerHTML = told;
    } catch { /* the next time */ }
  };
  form.addEventListener("input", () => setTimeout(ask)); // once it is known that something is typed
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, 20e3);
  ask();
}
