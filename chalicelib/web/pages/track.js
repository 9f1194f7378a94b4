// The consumer's page: the way in, and the piece that the server writes; what sends it fetches once that is there. It knows
// no word and no rule: words stand in the shell and in the piece, and whatever may be done is a form there. ES2019, for the
// browsers inside of old phones' chat programs. Lines like these are not sent.
"use strict";
const SHELL = 1;
const doc = document, root = doc.documentElement, {prefix} = root.dataset;
const $ = (what, where = doc) => where.querySelector(what);
const all = (what, where = doc) => [...where.querySelectorAll(what)];
const piece = $("#piece"), notice = $("#notice"), done = $("#done"), {title} = doc;
let id, token, asked, store, unread, late, turn = 0;

// What outlasts a reload. Where the browser stores nothing, or no more, the entry of its history does.
const entry = {...history.state};
try {
  store = sessionStorage;
} catch {}
const go = (how, path) => history[how](entry, "", path);
const keep = (name, value) => {
  const text = JSON.stringify(value);
  try {
    if (entry[name] == null) return store.setItem(name, text);
  } catch {}
  entry[name] = text;
  try {
    go("replaceState");
  } catch {}
};
const recall = name => JSON.parse(entry[name] || store && store.getItem(name) || null) || {};

// The address: chat programs append to it, mail programs write its # as %23, some of them twice. The token is out of it at
// once, wherever it stood, and whatever else stood there is after the #.
const read = () => {
  const plain = (_, code) => String.fromCharCode("0x" + code);
  const said = (location.pathname + location.search + location.hash).replace(/%(?:25)*([2-7][\da-f])/gi, plain);
  const [path, ...rest] = said.split(/[#&?]+/);
  const others = rest.filter(one => one && !/\btoken=/i.test(one));
  // A full stop or a dash at its end is the sentence's in which it stood.
  const [, given, of] = /\btoken=(\w+\.(\w+-\w+)\.[\w.-]*[a-z\d])/i.exec(said) || [];
  asked = others.filter(one => /^(round|answer)=/.test(one)).map(one => "&" + one).join("");
  id = of || (path.split("/track/")[1] || "").split("/")[0];
  if (given) keep("t" + id, {token: given});
  if (/\btoken=/i.test(said)) go("replaceState", `${prefix}/track/${id}${others[0] ? "#" + others.join("&") : ""}`);
  token = recall("t" + id).token;
};

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
const ask = async (path, body, headers) => {
  const stop = new AbortController();
  let answer, text, said = {};
  setTimeout(() => stop.abort(), 6e4);
  try {
    answer = await fetch(path, {
      method: body ? "POST" : "GET", body, signal: stop.signal, cache: "no-store", credentials: "omit", headers: {
        "Accept-Language": root.lang, "Content-Type": "application/json", ...(token && {Authorization: "Bearer " + token}), ...headers
      }
    });
    text = await answer.text();
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

const lost = () => {
  show("entry");
  doc.title = title;
  all("#entry [name=complaint_id]").forEach(one => one.value = one.value || id || "");
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
  if (token) await load();
  else {
    lost();
    if (id) tell(notice, $("#bare"));
  }
  rest().catch(() => {});
};

// `how`: nothing, it is opened; 1, once more; 2, for the files, while somebody may be typing.
const load = async how => {
  const mine = ++turn;
  if (!how && piece.hidden) show("loading");
  $("#again").hidden = 1;
  try {
    const text = await ask(`${prefix}/track/${id}/content?lang=${recall("lang").lang || ""}${asked}`);
    if (mine === turn) place(text, how);
    unread = 0;
  } catch (fault) {
    if (mine !== turn || how > 1) return;
    tell(notice, fault.words || $("#offline"), fault.value);
    unread = !fault.status;
    if (/401|403|404|410/.test(fault.status)) lost();
    else $("#again").hidden = 0;
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

const known = navigator.languages.map(one => /^zh.*(TW|HK|MO|Hant)/i.test(one) ? "zh-TW" : /^zh/.test(one) ? "zh-CN" : /^en/.test(one) && "en");
speak(recall("lang").lang || known.find(one => one) || "zh-CN");
begin();
