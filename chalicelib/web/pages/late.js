// What the consumer's page can be read without: sending, files, photographs, print. It goes on where track.js ends, also
// where that is an older one, kept by a chat program: what the two have in common changes with the number of the shell.
"use strict";
const SMALL = 3e5;
const shown = {};
let folded, queue, timer;
const anew = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

// Where to, and what: the form's constants and what was typed, but for what nobody sees or can take away: marks that a word
// processor leaves, and half of a character that a field cut off.
const filled = form => {
  const body = JSON.parse(form.dataset.body || "{}");
  let path = form.dataset.post || "";
  [...form.elements].forEach(({name, type, checked, value, dataset}) => {
    if (!name || type === "file" || /radio|box/.test(type) && !checked) return;
    value = value.replace(/(?![\n\r\t])[\p{Cc}\p{Cs}]/gu, " ").trim();
    if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(value).replace(/^\.*$/, "-"));
    else if (value || dataset.optional == null) body[dataset.or && /@/.test(value) ? dataset.or : name] = dataset.number == null ? value : +value;
  });
  return [path, body];
};
const blame = (form, fault) => {
  // An answer that is none of ours, such as a hotel's page to sign in to its network, is as good as none.
  const own = fault.words || $("#offline");
  let first, words = own;
  (fault.errors || []).forEach(({field, message}) => {
    const at = $(`[name="${field}"],[data-or="${field}"]`, form);
    if (!at) return words = message;
    tell(doc.getElementById(at.id + "-fault"), message);
    at.setAttribute("aria-invalid", true);
    first = first || at;
  });
  if (first) first.focus();
  if (!first || words !== own) tell($(".refusal", form), words, fault.value);
};
const send = async form => {
  const [path, body] = filled(form), {name, match} = form.dataset, content = JSON.stringify(body), inside = piece.contains(form);
  const draft = recall(draftOf(form)), sent = path + content;
  // The key is the attempt's: what is sent again, because its answer was lost, is done once.
  if (draft.sent !== sent) Object.assign(draft, {sent, key: anew()});
  if (name) keep(draftOf(form), draft);
  all(".fault,.refusal,.sent", form).forEach(one => tell(one));
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
    // Should the newest piece not come now, nothing stands here that could be sent again.
    form.reset();
    asked = "";
    go("replaceState", location.pathname);
    await load(1);
    tell(notice);
    tell(done, $(".done", form));
    $("h1", piece).focus();
  } catch (fault) {
    if (inside && fault.status === 401) {
      blamed(fault);
      return lost();
    }
    if (!/409|412/.test(fault.status)) return blame(form, fault);
    await load(1);
    const again = $(`#piece form[data-name="${name}"]`);
    if (again) return blame(again, fault);
    tell(notice, [fault.words, ...Object.values(draft.fields || {})].join("\n"));
  }
};

// A chosen file has a row, made of the piece's template. Files go one after the other, each with a key that is the same
// when it is chosen again, and stay in sight until the server lists them.
const state = (row, now, fault = {}) => {
  row.dataset.state = now;
  all("[data-state]", row).forEach(one => one.hidden = one.dataset.state !== now);
  all("[data-fault]", row).forEach(one => one.hidden = one.dataset.fault !== fault.kind);
  all("progress", row).forEach(one => one.hidden = now !== "sending");
  all("button", row).forEach(one => one.hidden = now !== "failed" || fault.kind);
  all(".refusal", row).forEach(one => tell(one, now === "failed" && !fault.kind && (fault.words || $("#offline")), fault.value));
};
const put = ({url, fields}, file, bar) => new Promise((sent, failed) => {
  const data = new FormData(), request = new XMLHttpRequest();
  Object.entries(fields).forEach(one => data.append(...one));
  data.append("file", file);
  request.upload.onprogress = ({loaded, total}) => bar.value = bar.max * loaded / total;
  request.onload = () => request.status < 300 ? sent() : failed({status: 400, words: $("#wrong"), value: request.status});
  request.onerror = () => failed({words: $("#offline")});
  request.open("POST", url);
  request.send(data);
});
const upload = row => {
  state(row, "waiting");
  queue = Promise.resolve(queue).then(async () => {
    const {path, body, file, name, Authorization} = row.what, {key = anew()} = recall(name);
    state(row, "sending");
    keep(name, {key});
    try {
      const offer = JSON.parse(await ask(path, JSON.stringify(body), {"Idempotency-Key": key, Authorization}));
      await put(offer.upload, file, $("progress", row));
      row.dataset.number = offer.evidence_id;
      state(row, "sent");
      follow(2e3);
    } catch (fault) {
      if (fault.status < 500) keep(name, null);
      if (fault.errors) fault.words = fault.errors.map(one => one.message).join("\n");
      state(row, "failed", fault);
    }
  });
};
const follow = pause => {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    await load(2);
    if ($(".rows [data-number]") && pause < 6e4) follow(pause * 2);
  }, pause);
};
const accepts = (input, file) => !file.type || input.accept.split(",").map(one => one.trim().toLowerCase()).some(
  one => file.name.toLowerCase().endsWith(one) || file.type.startsWith(one.replace("*", "")));
const choose = input => {
  const {form} = input, {files, most, largest} = form.dataset, rows = $(".rows", form), chosen = () => all("li", rows);
  chosen().forEach(one => one.what.kind && one.remove());
  [...input.files].forEach(file => {
    const body = {...filled(form)[1], file_name: file.name, content_type: file.type.split(";")[0], size: file.size};
    const name = "f" + id + JSON.stringify(body) + file.lastModified;
    if (chosen().some(one => one.what.name === name)) return;
    const row = $("#file-row").content.firstElementChild.cloneNode(true);
    row.what = {path: files, body, file, name, Authorization: "Bearer " + token};
    $(".name", row).textContent = file.name;
    rows.append(row);
    if (/^image/.test(file.type)) picture(row, URL.createObjectURL(file));
    const kind = row.what.kind = !file.size ? "empty" : file.size > largest ? "too_large" : !accepts(input, file) ? "not_a_type_we_take" :
      all("[data-file]").length + chosen().filter(one => !one.what.kind).length > most && "too_many";
    if (kind) state(row, "failed", {kind});
    else upload(row);
  });
  input.value = "";
};

// What is there: small photographs are shown as they come into sight, all else when it is asked for.
const picture = (where, src) => {
  const image = new Image();
  image.onerror = () => image.remove();
  image.src = src;
  image.alt = "";
  where.prepend(image);
  return image;
};
const bring = async one => {
  const {file, type} = one.dataset;
  const {url} = JSON.parse(await ask(`${prefix}/v1/complaints/${id}/evidence/${file}?redirect=false`));
  if (/^image/.test(type) && !shown[id + file]) shown[id + file] = picture(one, url);
  else location.href = url;
};
const watcher = window.IntersectionObserver && new IntersectionObserver(seen => seen.forEach(({isIntersecting, target}) => {
  if (!isIntersecting) return;
  watcher.unobserve(target);
  bring(target).catch(() => {});
}));
const see = where => all("[data-file]", where).forEach(one => {
  const {file, type, size, status} = one.dataset, image = shown[id + file];
  if (image) one.prepend(image);
  else if (watcher && status === "received" && /^image/.test(type) && size <= SMALL) watcher.observe(one);
});

// A newer piece takes the place of another: what is open stays open unless it now means something else, and nobody who is
// typing is disturbed: then the files alone are replaced. What is to be done afterwards; 0 if all is done.
const markOf = one => one.className + one.dataset.answer + all("form", one).map(({dataset}) => dataset.post + dataset.body);
const signOf = one => one.tagName + one.name + one.textContent + (one.form ? one.form.dataset.name + (one.type === "radio" && one.value) : "");
function replacing(fresh, how) {
  const old = $("article"), rows = $(".rows"), at = doc.activeElement, lists = all(".files", fresh);
  see(fresh);
  all("[data-file]", fresh).forEach(({dataset}) => all(`.rows [data-number="${dataset.file}"]`).forEach(row => row.remove()));
  if (how > 1 && at.matches("#piece input,textarea") && old.dataset.stage === fresh.dataset.stage) {
    old.dataset.version = fresh.dataset.version;
    all(".files").forEach((one, n) => one.replaceWith(lists[n]));
    return 0;
  }
  const open = all("details[open]", piece).map(markOf), sign = piece.contains(at) && signOf(at);
  return () => {
    const place = $(".rows", piece);
    if (rows && place) place.replaceWith(rows);
    all("details", piece).forEach(one => one.open = one.open || open.includes(markOf(one)));
    all("a,button,summary,input,textarea", piece).some(one => signOf(one) === sign && !one.focus({preventScroll: true}));
  };
}
see(piece);

const typed = ({form, name, type, value, checked}) => {
  if (!form || !name || type === "file" || type === "radio" && !checked || !form.dataset.name) return;
  const draft = recall(draftOf(form));
  keep(draftOf(form), {...draft, fields: {...draft.fields, [name]: value}});
};
all("#piece textarea,#piece input").forEach(one => (one.value !== one.defaultValue || one.checked !== one.defaultChecked) && typed(one));
doc.addEventListener("input", event => typed(event.target));
const blamed = fault => tell(notice, fault.words || $("#offline"), fault.value);
doc.addEventListener("click", ({target}) => {
  const button = target.closest("button");
  if (!button) return;
  const {show: wanted, print: paper, more} = button.dataset, row = button.closest(".rows li");
  if (more) ask(more).then(text => {
    const part = $(".history", parsed(text)).closest("section");
    button.closest("section").replaceWith(part);
    $("h2", part).focus();
  }).catch(blamed);
  if (paper != null) print();
  if (row) upload(row);
  if (wanted != null) bring(button.closest("[data-file]")).catch(blamed);
});
addEventListener("beforeprint", () => {
  folded = all("details:not([open])");
  folded.forEach(one => one.open = 1);
});
addEventListener("afterprint", () => folded.forEach(one => one.open = 0));
addEventListener("popstate", begin);
addEventListener("pageshow", event => event.persisted && token && load(1));
