// What there is already of whoever calls is shown while it is typed.
const intake = document.querySelector("form.intake")
if (intake) {
  const found = document.getElementById("duplicates")
  const ways = ["order_number", "contact.phone", "contact.email"]
  let waiting, asked = "", turn = 0
  const look = () => {
    clearTimeout(waiting)
    const typed = new URLSearchParams(ways.map(way => [way, intake.elements[way].value]))
    if (String(typed) === asked) return
    asked = String(typed)
    const mine = ++turn
    const show = text => { if (mine === turn) found.innerHTML = text }
    const forget = () => { if (mine === turn) asked = "" }
    fetch(intake.dataset.duplicates, {method: "POST", body: typed})
      .then(answer => answer.ok ? answer.text() : Promise.reject(answer))
      .then(show, forget)
  }
  intake.addEventListener("input", event => {
    if (event.isComposing || !ways.includes(event.target.name)) return
    clearTimeout(waiting)
    waiting = setTimeout(look, 400)
  })
  intake.addEventListener("change", event => { if (ways.includes(event.target.name)) look() })
  const again = () => { if (ways.some(way => intake.elements[way].value)) look() }
  document.addEventListener("DOMContentLoaded", again)
  const first = document.getElementById("faults") || intake.elements[ways[0]]
  first.focus()
}
