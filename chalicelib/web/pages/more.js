// What a page can be used without at first: files, photographs, print. It goes on where track.js ends, and then all begins.
const SMALL = 3e5;
const shown = {};
let folded, queue, timer;

// A chosen file has a row, made of the piece's template. Files go one after the other, each with a key that is the same
// when it is chosen again, and stay in sight until the server lists them.
const state = (row, now, fault = {}) => {
  row.dataset.state = now;
  all("[data-state]", row).forEach(one => one.hidden = one.dataset.state !== now);
  all("[data-fault]", row).forEach(one => one.hidden = one.dataset.fault !== fault.kind);
  all("progress", row).forEach(one => one.hidden = now !== "sending");
  all("button", row).forEach(one => one.hidden = now !== "failed" || fault.kind);
  all(".refusal", row).forEach(one => tell(one, fault.words, fault.value));
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
    const {path, body, file, name} = row.what, {key = anew()} = recall(name);
    state(row, "sending");
    keep(name, {key});
    try {
      const offer = JSON.parse(await ask(path, JSON.stringify(body), {"Idempotency-Key": key}));
      await put(offer.upload, file, $("progress", row));
      row.dataset.number = offer.evidence_id;
      state(row, "sent");
      follow(2e3);
    } catch (fault) {
      if (fault.status < 500) keep(name, null);
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
const choose = (form, file) => {
  const {files, most, largest} = form.dataset, list = $(".rows", form), type = file.type.split(";")[0], called = file.name.toLowerCase();
  const body = {...filled(form)[1], file_name: file.name, content_type: type, size: file.size};
  const name = "f" + id + JSON.stringify(body) + file.lastModified;
  const same = [...list.children].find(one => one.what.name === name);
  if (same) return;
  const row = $("#file-row").content.firstElementChild.cloneNode(true);
  const taken = !type || $("[type=file]", form).accept.split(",").some(one => called.endsWith(one = one.trim()) || type.startsWith(one.replace("*", "")));
  row.what = {path: files, body, file, name};
  $(".name", row).textContent = file.name;
  list.append(row);
  if (/^image/.test(type)) picture(row, URL.createObjectURL(file));
  const kind = all("[data-file]").length + list.children.length > most ? "too_many" : !file.size ? "empty" : file.size > largest ? "too_large" : !taken && "not_a_type_we_take";
  if (kind) state(row, "failed", {kind});
  else upload(row);
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
  const {url} = JSON.parse(await ask(`${prefix}/v1/complaints/${id}/evidence/${file}?link=true`));
  if (/^image/.test(type) && !shown[id + file]) shown[id + file] = picture(one, url);
  else location.href = url;
};
const watcher = window.IntersectionObserver && new IntersectionObserver(seen => seen.forEach(({isIntersecting, target}) => {
  if (!isIntersecting) return;
  watcher.unobserve(target);
  bring(target).catch(() => {});
}));
function placed(fresh, rows) {
  all("[data-file]", fresh).forEach(one => {
    const {file, type, size, status} = one.dataset, image = shown[id + file];
    if (image) one.prepend(image);
    else if (watcher && status === "received" && /^image/.test(type) && size <= SMALL) watcher.observe(one);
    if (rows) all(`[data-number="${file}"]`, rows).forEach(row => row.remove());
  });
}

doc.addEventListener("change", ({target}) => {
  if (target.type !== "file") return;
  [...target.files].forEach(file => choose(target.form, file));
  target.value = "";
});
doc.addEventListener("click", ({target}) => {
  const {show: wanted, print: paper} = target.dataset, row = target.closest(".rows li");
  if (paper != null) print();
  if (row && target.matches("button")) upload(row);
  if (wanted != null) bring(target.closest("[data-file]")).catch(fault => tell(notice, fault.words, fault.value));
});
addEventListener("beforeprint", () => {
  folded = all("details:not([open])");
  folded.forEach(one => one.open = 1);
});
addEventListener("afterprint", () => folded.forEach(one => one.open = 0));

const known = navigator.languages.map(one => /^zh.*(TW|HK|MO|Hant)/i.test(one) ? "zh-TW" : /^zh/.test(one) ? "zh-CN" : /^en/.test(one) && "en");
speak(recall("lang").lang || known.find(one => one) || "zh-CN");
begin();
