// Fast hands: j and k move from line to line, Enter opens, / finds, ? helps, Ctrl+Enter sends the form one is in.
const OFF = "redress-keys-off"
const lines = [...document.querySelectorAll("[data-line]")].filter(line => line.querySelector("a"))
const KEPT = "redress-line"

function isOff() {
  return localStorage.getItem(OFF) === "1"
}

function move(by) {
  const here = lines.findIndex(line => line.contains(document.activeElement))
  const last = lines.findIndex(line => line.dataset.line === sessionStorage.getItem(KEPT))
  const next = here < 0 ? Math.max(last, 0) : here + by
  if (lines[next]) lines[next].querySelector("a").focus()
}

function send(field) {
  const part = field.closest("[data-submits]") || field.form
  const button = part && part.querySelector("button:not([type=button]):not([name=more])")
  if (button) button.click()
}

const DOES = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.querySelector("[role=search] [type=search]").focus(),
  "?": () => location.assign(document.body.dataset.prefix + "/console/help#keys"),
}

document.addEventListener("keydown", event => {
  if (event.isComposing || event.keyCode === 229) return
  const at = event.target
  const types = at.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && at.form) {
    event.preventDefault()
    send(at)
  } else if (!types && !event.ctrlKey && !event.metaKey && !event.altKey && DOES[event.key] && !isOff()) {
    event.preventDefault()
    DOES[event.key]()
  }
})

for (const line of lines)
  line.querySelector("a").addEventListener("click", () => sessionStorage.setItem(KEPT, line.dataset.line))

for (const hint of document.querySelectorAll("[data-keys]")) {
  const show = () => {
    hint.querySelector("[data-keys-off]").hidden = isOff()
    hint.querySelector("[data-keys-on]").hidden = !isOff()
  }
  const turn = off => () => {
    localStorage.setItem(OFF, off)
    show()
    hint.querySelector("button:not([hidden])").focus()
  }
  hint.querySelector("[data-keys-off]").addEventListener("click", turn("1"))
  hint.querySelector("[data-keys-on]").addEventListener("click", turn("0"))
  hint.hidden = false
  show()
}

for (const all of document.querySelectorAll("[data-pick-all]")) {
  all.hidden = false
  all.addEventListener("click", () => {
    const boxes = [...all.form.elements].filter(box => box.name === "id")
    const pick = boxes.some(box => !box.checked)
    for (const box of boxes) box.checked = pick
  })
}
