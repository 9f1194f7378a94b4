// The consumer's page: the way in, the piece that the server writes, and its forms. It knows no word and no rule: words
// stand in the shell and in the piece, and whatever may be done is a form there. ES2019 (the browsers inside of old phones'
// chat programs). Lines like these are not sent.
"use strict";
const SHELL = 1;
const doc = document, root = doc.documentElement, {prefix} = root.dataset;
const $ = (what, where = doc) => where.querySelector(what);
const all = (what, where = doc) => [...where.querySelectorAll(what)];
const piece = $("#piece"), notice = $("#notice"), done = $("#done");
const anew = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
let id, token, asked, store, unread, turn = 0;

// What outlasts a reload. Where the browser stores nothing, the entry of its history does.
const entry = {...history.state};
try {
  store = sessionStorage;
  store.setItem("", "");
} catch {
  store = 0;
}
const go = (how, path) => history[how](entry, "", path);
const keep = (name, value) => {
  const text = JSON.stringify(value);
  try {
    if (store) return store.setItem(name, text);
    entry[name] = text;
    go("replaceState");
  } catch {}
};
const recall = name => JSON.parse((store ? store.getItem(name) : entry[name]) || null) || {};

// The address: chat programs append to it, mail programs write its # as %23. The token is out of it at once.
const read = () => {
  let said = location.pathname + location.hash;
  try {
    said = decodeURIComponent(said);
    said = decodeURIComponent(said);
  } catch {}
  const [path, ...rest] = said.split(/[#&?]+/);
  const others = rest.filter(one => one && !/^token=/.test(one));
  const given = /[#&?]token=([\w.-]+)/.exec(said);
  asked = others.filter(one => /^(round|answer)=/.test(one)).map(one => "&" + one).join("");
  id = path.split("/track/")[1];
  if (given) {
    id = given[1].split(".")[1];
    keep("t" + id, {token: given[1]});
    go("replaceState", `${prefix}/track/${id}${location.search}${others[0] ? "#" + others.join("&") : ""}`);
  }
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
  if (status === 429) throw {status, words: $("#busy"), value: Math.ceil((header("Retry-After") || 60) / 60)};
  throw {
    ...said, status, value: said.request_id || header("X-Request-Id"),
    words: status > 501 ? $("#down") : status < 500 && said.detail || $("#wrong")
  };
};

const lost = () => {
  show("entry");
  all("#entry [name=complaint_id]").forEach(one => one.value = one.value || id || "");
};
const begin = () => {
  read();
  tell(done);
  tell(notice);
  if (token) return load();
  lost();
  if (id) tell(notice, $("#bare"));
};

// `how`: nothing, it is opened; 1, again; 2, for the files, while somebody may be typing.
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
    tell(notice, fault.words, fault.value);
    unread = !fault.status;
    if (/401|403|404|410/.test(fault.status)) lost();
    else $("#again").hidden = 0;
  }
};

const draftOf = form => `d${id}${form.dataset.name}`;
const signOf = one => one.tagName + one.name + one.textContent + (one.form ? one.form.dataset.name : "");
const markOf = one => one.className + one.dataset.answer + all("form", one).map(({dataset}) => dataset.post + dataset.body);
const place = (text, how) => {
  const box = doc.createElement("template"), at = doc.activeElement, rows = $(".rows");
  box.innerHTML = text;
  const fresh = $("article", box.content), {shell} = fresh.dataset;
  if (shell > SHELL && recall("shell").shell !== shell) {
    keep("shell", {shell});
    const reload = () => location.reload();
    return fetch(location.pathname, {cache: "reload"}).then(reload, reload);
  }
  placed(fresh, rows);
  if (how > 1 && at.matches("#piece input,textarea") && $("article").dataset.stage === fresh.dataset.stage) {
    $("article").dataset.version = fresh.dataset.version;
    const lists = all(".files", fresh);
    return all(".files").forEach((one, n) => one.replaceWith(lists[n]));
  }
  const open = all("details[open]", piece).map(markOf), sign = piece.contains(at) && signOf(at);
  piece.textContent = "";
  piece.append(fresh);
  show("piece");
  speak(fresh.lang);
  doc.title = $("h1", piece).textContent;
  all("details", piece).forEach(one => one.open = one.open || open.includes(markOf(one)));
  all("form", piece).forEach(form => {
    if (rows && form.dataset.files) form.append(rows);
    Object.entries(recall(draftOf(form)).fields || {}).forEach(([name, typed]) => {
      const field = form.elements[name], fold = form.closest("details");
      if (field) field.value = typed;
      if (fold && typed) fold.open = 1;
    });
  });
  all("a,button,summary,input,textarea", piece).some(one => signOf(one) === sign && !one.focus({preventScroll: true}));
};

// Where to, and what: the form's constants and what was typed.
const filled = form => {
  const body = JSON.parse(form.dataset.body || "{}");
  let path = form.dataset.post || "";
  [...form.elements].forEach(({name, type, checked, value, dataset}) => {
    if (!name || type === "file" || /radio|box/.test(type) && !checked) return;
    value = value.trim();
    if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value || dataset.optional == null) body[dataset.or && /@/.test(value) ? dataset.or : name] = value;
  });
  return [path, body];
};
const blame = (form, fault) => {
  let first, words = fault.words;
  (fault.errors || []).forEach(({field, message}) => {
    const at = $(`[name="${field}"],[data-or="${field}"]`, form);
    if (!at) return words = message;
    tell($(`#${at.id}-fault`), message);
    at.setAttribute("aria-invalid", true);
    first = first || at;
  });
  if (first) first.focus();
  if (!first || words !== fault.words) tell($(".refusal", form), words, fault.value);
};
const send = async form => {
  const [path, body] = filled(form), {name, match} = form.dataset, content = JSON.stringify(body), inside = piece.contains(form);
  const draft = recall(draftOf(form)), sent = path + content;
  // The key is the attempt's: what is sent again, because its answer was lost, is done once.
  if (draft.sent !== sent) Object.assign(draft, {sent, key: anew()});
  if (name) keep(draftOf(form), draft);
  all(".fault,.refusal,#entry .done", form).forEach(one => tell(one));
  all("[aria-invalid]", form).forEach(one => one.removeAttribute("aria-invalid"));
  try {
    const answer = await ask(path, content, {"Idempotency-Key": draft.key, ...(match != null && {"If-Match": `"${$("article").dataset.version}"`})});
    const given = JSON.parse(answer).consumer_token;
    if (given) {
      form.reset();
      go("pushState", `${prefix}/track/#token=${given}`);
      return begin();
    }
    if (!inside) return tell($(".sent", form), $(".done", form));
    if (name) keep(draftOf(form), null);
    asked = "";
    go("replaceState", location.pathname);
    await load(1);
    tell(notice);
    tell(done, $(".done", form));
    const heading = $("h1", piece);
    heading.tabIndex = -1;
    heading.focus();
  } catch (fault) {
    if (inside && fault.status === 401) {
      tell(notice, fault.words);
      return lost();
    }
    if (!/409|412/.test(fault.status)) return blame(form, fault);
    await load(1);
    const again = $(`#piece form[data-name="${name}"]`);
    if (again) return blame(again, fault);
    tell(notice, [fault.words, ...Object.values(draft.fields || {})].join("\n"));
  }
};

doc.addEventListener("submit", async event => {
  const form = event.target, buttons = all("button", form);
  event.preventDefault();
  if (!form.dataset.post || $("[aria-disabled]", form)) return;
  buttons.forEach(one => one.setAttribute("aria-disabled", true));
  await send(form);
  buttons.forEach(one => one.removeAttribute("aria-disabled"));
});
doc.addEventListener("input", ({target: {form, name, type, value}}) => {
  if (!name || type === "file" || !form.dataset.name) return;
  const draft = recall(draftOf(form));
  keep(draftOf(form), {...draft, fields: {...draft.fields, [name]: value}});
});
doc.addEventListener("click", ({target}) => {
  const {lang} = target.dataset;
  if (lang) {
    keep("lang", {lang});
    speak(lang);
    if (!piece.hidden) load(1);
  }
  if (target.id === "again") begin();
});
addEventListener("popstate", begin);
addEventListener("online", () => unread && begin());
addEventListener("pageshow", event => event.persisted && token && load(1));
