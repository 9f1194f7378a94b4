// What is new in a queue since somebody looked, on this device: by complaint the version that they have seen of it.
const SEEN = "redress-seen:" + document.body.dataset.user
const MOST = 1000

function seen() {
  try {
    return JSON.parse(localStorage.getItem(SEEN)) || {since: "", versions: {}}
  } catch (broken) {
    return {since: "", versions: {}}
  }
}

function keep(known) {
  const ids = Object.keys(known.versions)
  for (const id of ids.slice(0, Math.max(0, ids.length - MOST))) delete known.versions[id]
  localStorage.setItem(SEEN, JSON.stringify(known))
}

const rows = document.querySelectorAll("[data-line][data-version]")
const opened = document.querySelector("[data-complaint][data-version]")
if (rows.length || opened) {
  const known = seen()
  const table = document.querySelector("[data-now]")
  known.since = known.since || (table && table.dataset.now) || ""
  for (const row of rows) {
    const {line, version, received} = row.dataset
    const was = known.versions[line]
    if (was === undefined && received <= known.since) known.versions[line] = +version
    const mark = known.versions[line] === undefined ? "never" : +version > known.versions[line] ? "moved" : ""
    if (mark) row.querySelector(`[data-new=${mark}]`).hidden = false
  }
  if (opened) {
    delete known.versions[opened.dataset.complaint]
    known.versions[opened.dataset.complaint] = +opened.dataset.version
  }
  keep(known)
}
