// What comes of it: the piece that the server writes, or the way in without a link; what sends it fetches once that is there.
"use strict";
const $ = (what, where = doc) => where.querySelector(what);
const all = (what, where = doc) => [...where.querySelectorAll(what)];
const piece = $("#piece"), notice = $("#notice"), done = $("#done"), {title} = doc;
let unread, late, turn = 0;

const tell = (where, words, value) => {
  where.textContent = "";
  where.hidden = !words;
  if (words) where.append(...(words.cloneNode ? words.cloneNode(true).childNodes : [words]));
  all("b", where).forEach(one => one.append(value));
};
const show = which => all("#loading,#entry,#piece").forEach(one => one.hidden = one.id !== which);
const speak = lang => {
  root.lang = lang;
  all("[data-lang]").forEach(one => one.setAttribute("aria-pressed", one.dataset.lang === lang));
};

// The text of an answer. Else it throws what is wrong, in the server's words or the shell's.
const heard = async coming => {
  let answer, text, said = {};
  try {
    [answer, text] = await coming;
  } catch {
    throw {words: $("#offline")};
  }
  if (answer.ok) return text;
  try {
    said = JSON.parse(text);
  } catch {}
  const {status} = answer, header = name => answer.headers.get(name);
  if (status === 429) throw {status, words: $("#busy"), value: Math.ceil((+header("Retry-After") || 60) / 60)};
  throw {
    ...said, status, value: said.request_id || header("X-Request-Id") || status,
    words: status > 501 ? $("#down") : status < 500 && said.detail || $("#wrong")
  };
};

const ask = (...what) => heard(call(...what));

// Where there is no link, or it leads nowhere any more: the way in without one, which nobody fetches who has one.
const lost = async () => {
  const mine = ++turn, entry = $("#entry");
  token = 0;
  $("#again").hidden = 1;
  try {
    const text = entry.firstChild ? 0 : await ask(root.dataset.entry, null, null, "default");
    if (mine !== turn) return;
    if (text) entry.append(parsed(text));
  } catch (fault) {
    return mine === turn && miss(fault);
  }
  show("entry");
  doc.title = title;
  speak(root.lang);
  all("[name=complaint_id]", entry).forEach(one => one.value = one.value || id || "");
};
const miss = fault => {
  tell(notice, fault.words || $("#offline"), fault.value);
  unread = !fault.status;
  $("#again").hidden = 0;
};
const rest = () => late = late || new Promise((done, failed) => {
  const script = doc.createElement("script");
  script.onload = done;
  script.onerror = () => {
    late = 0;
    failed({words: $("#offline")});
  };
  script.src = root.dataset.late;
  root.append(script);
});
const begin = async () => {
  const there = $("article");
  read();
  if (there && there.dataset.id !== id) {
    there.remove();
    piece.hidden = 1;
  }
  tell(done);
  tell(notice);
  if (piece.hidden) show("loading");
  await (token ? load() : lost());
  if (!token && id && notice.hidden) tell(notice, $("#bare"));
  rest().catch(() => {});
};

// `how`: nothing, it is opened; 1, once more; 2, for the files, while somebody may be typing.
const load = async how => {
  const mine = ++turn, coming = first || content();
  first = 0;
  $("#again").hidden = 1;
  try {
    const text = await heard(coming);
    if (mine === turn) place(text, how);
    unread = 0;
  } catch (fault) {
    if (mine !== turn || how > 1) return;
    miss(fault);
    if (/401|403|404|410/.test(fault.status)) await lost();
  }
};

const draftOf = form => `d${id}${form.dataset.name}`;
const parsed = text => {
  const box = doc.createElement("template");
  box.innerHTML = text;
  return box.content;
};
const place = (text, how) => {
  const fresh = $("article", parsed(text)), {shell} = fresh.dataset;
  if (shell > SHELL && recall("shell").shell !== shell) {
    keep("shell", {shell});
    const reload = () => location.reload();
    return fetch(location.pathname, {cache: "reload"}).then(reload, reload);
  }
  const then = window.replacing && replacing(fresh, how);
  if (then === 0) return;
  piece.textContent = "";
  piece.append(fresh);
  show("piece");
  speak(fresh.lang);
  doc.title = $("h1", piece).textContent;
  all("form", piece).forEach(form => Object.entries(recall(draftOf(form)).fields || {}).forEach(([name, typed]) => {
    const field = form.elements[name], fold = form.closest("details");
    if (field) field.value = typed;
    if (fold && typed) fold.open = 1;
  }));
  if (then) then();
};

// Whatever needs the other script waits for it.
const when = (form, then) => rest().then(then).catch(fault => tell($(".refusal", form), fault.words || $("#offline"), fault.value));
doc.addEventListener("submit", async event => {
  const form = event.target, buttons = all("button", form);
  event.preventDefault();
  if (!form.dataset.post || $("[aria-disabled]", form)) return;
  buttons.forEach(one => one.setAttribute("aria-disabled", true));
  await when(form, () => send(form));
  buttons.forEach(one => one.removeAttribute("aria-disabled"));
});
doc.addEventListener("change", ({target}) => target.type === "file" && when(target.form, () => choose(target)));
doc.addEventListener("click", ({target}) => {
  const {lang} = target.dataset;
  if (lang) {
    keep("lang", {lang});
    speak(lang);
    if (!piece.hidden) load(1);
  }
  if (target.closest("#again")) begin();
});
addEventListener("online", () => unread && begin());

begin();
