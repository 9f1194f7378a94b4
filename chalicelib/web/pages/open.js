// The consumer's page, before anything of it is shown: the address, the token, the language; and the piece is asked for while
// the rest of the shell is still on its way. What both scripts of the shell stand on is here. They know no word and no rule:
// words stand in the shell and in the piece, and whatever may be done is a form there. ES2019, for the browsers inside of old
// phones' chat programs; those that cannot run it are left with a page to read. Lines like these are not sent.
"use strict";
const SHELL = 1;
const doc = document, root = doc.documentElement, {prefix} = root.dataset;
let id, token, asked, store;
root.className = "js";

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
  asked = others.filter(one => /^(round|answer|survey)=/.test(one)).map(one => "&" + one).join("");
  id = of || (path.split("/track/")[1] || "").split("/")[0];
  if (given) keep("t" + id, {token: given});
  if (/\btoken=/i.test(said)) go("replaceState", `${prefix}/track/${id}${others[0] ? "#" + others.join("&") : ""}`);
  token = recall("t" + id).token;
};

// What is answered, and its text.
const call = async (path, body, headers, cache = "no-store") => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 6e4);
  const answer = await fetch(path, {
    method: body ? "POST" : "GET", body, cache, signal: stop.signal, credentials: "omit", headers: {
      "Accept-Language": root.lang, "Content-Type": "application/json", ...(token && {Authorization: "Bearer " + token}), ...headers
    }
  });
  return [answer, await answer.text()];
};
const content = () => call(`${prefix}/track/${id}/content?lang=${recall("lang").lang || ""}${asked}`);

const known = navigator.languages.map(one => /^zh.*(TW|HK|MO|Hant)/i.test(one) ? "zh-TW" : /^zh/.test(one) ? "zh-CN" : /^en/.test(one) && "en");
root.lang = recall("lang").lang || known.find(one => one) || "zh-CN";
read();
let first = token && content();
if (first) first.catch(() => {});
