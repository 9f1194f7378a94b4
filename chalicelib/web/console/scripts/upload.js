// Files are sent one after the other to where the server says, and followed until it lists them.
const form = document.querySelector("form[data-files]");
if (form) {
  const {files: address} = form.dataset, rows = form.querySelector(".rows"), input = form.querySelector("[type=file]");
  const list = form.parentNode.querySelector(".listed");
  let queue = Promise.resolve(), timer;
  const show = (row, state, fault = "") => {
    row.querySelectorAll("[data-state]").forEach(one => one.hidden = one.dataset.state !== state);
    row.querySelector("progress").hidden = state !== "sending";
    row.querySelector("button").hidden = state !== "failed";
    const said = row.querySelector(".fault");
    said.hidden = !fault;
    said.textContent = fault;
  };
  const ask = async (how, body) => {
    const answer = await fetch(address, {method: body ? "POST" : "GET", headers: how, body});
    if (answer.ok) return answer;
    const problem = await answer.json();
    throw {said: (problem.errors || []).map(one => one.message).join("\n") || problem.detail};
  };
  const put = ({url, fields}, file, bar) => new Promise((sent, failed) => {
    const data = new FormData(), request = new XMLHttpRequest();
    Object.entries(fields).forEach(one => data.append(...one));
    data.append("file", file);
    request.upload.onprogress = ({loaded, total}) => bar.value = bar.max * loaded / total;
    request.onload = () => request.status < 300 ? sent() : failed({});
    request.onerror = failed;
    request.open("POST", url);
    request.send(data);
  });
  const follow = pause => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        list.innerHTML = await (await ask({Accept: "*/*"})).text();
        rows.querySelectorAll("[data-number]").forEach(row => list.querySelector(`[data-file="${row.dataset.number}"],[data-coming="${row.dataset.number}"]`) && row.remove());
      } catch (fault) { /* it is asked again */ }
      if ((rows.querySelector("[data-number]") || list.querySelector("[data-coming]")) && pause < 6e4) follow(pause * 2);
    }, pause);
  };
  const upload = (row, file, description, key) => {
    show(row, "waiting");
    queue = queue.then(async () => {
      show(row, "sending");
      const body = new URLSearchParams({_who: document.body.dataset.user, file_name: file.name, content_type: file.type.split(";")[0], size: file.size, description});
      try {
        const offer = await (await ask({Accept: "application/json", "Idempotency-Key": key}, body)).json();
        await put(offer.upload, file, row.querySelector("progress"));
        row.dataset.number = offer.evidence_id;
        show(row, "sent");
        follow(1e3);
      } catch (fault) {
        show(row, "failed", fault.said || row.querySelector(".fault").dataset.offline);
      }
    });
  };
  input.addEventListener("change", () => {
    const said = form.querySelector("[name=description]");
    [...input.files].forEach((file, number) => {
      const row = document.querySelector("#file-row").content.firstElementChild.cloneNode(true);
      const key = `${Date.now()}-${number}-${Math.random()}`, again = () => upload(row, file, said.value, key);
      row.querySelector("bdi").textContent = file.name;
      row.querySelector("button").addEventListener("click", again);
      rows.append(row);
      again();
    });
    input.value = "";
  });
  form.addEventListener("submit", event => event.preventDefault());
  form.hidden = false;
}
