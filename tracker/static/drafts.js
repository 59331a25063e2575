// Drafts: what is typed is sent within two seconds; what cannot be sent is kept in this browser until it can.
//
// What the browser keeps belongs to one person and one meeting (the name of its entry says both), is put back only for
// them, and is removed on sign-out. Each field remembers which versions the page had shown, so that the server can tell
// whether two people wrote the same field without having seen each other's text.

const form = document.getElementById("log-form");
const words = JSON.parse(form.dataset.words);
const entry = form.dataset.keptAs;
const state = document.getElementById("saved");
const dialog = document.getElementById("sign-in-dialog");
const AFTER = 700; // milliseconds without a further key
const AGAIN = 5000;
const NOT_TYPED = new Set(["csrf_token", "shown", "with_head", "person"]);
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
const same = (one, other) => JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
const inHead = (name) => !name.startsWith("channel-");
const controls = (name) => [...form.elements].filter((one) => one.name === name);

let shown = JSON.parse(form.elements.shown.value);
let timer = 0;
let sending = null;
let over = false;
let gone = false; // signed out: nothing of it may stay
const refused = new Map();
let waiting = {}; // kept by the browser for questions that are not on the page yet, as { fields, shown }

function typed() {
  const found = new Map();
  for (const one of form.elements) if (one.name && one.type !== "submit" && !NOT_TYPED.has(one.name)) found.set(one.name, []);
  for (const [name, value] of new FormData(form)) found.get(name)?.push(value.replace(/\r\n/g, "\n"));
  return found;
}
const saved = typed();

function pending() {
  return new Map([...typed()].filter(([name, value]) => !same(value, saved.get(name))));
}

// --- what the browser keeps ---

function keep() {
  if (gone) return true;
  const fields = { ...waiting.fields, ...Object.fromEntries(pending()) };
  try {
    if (Object.keys(fields).length === 0) localStorage.removeItem(entry);
    else localStorage.setItem(entry, JSON.stringify({ fields, shown: { ...shown, ...waiting.shown } }));
    return true;
  } catch {
    return false; // no room, or not allowed to keep anything
  }
}

function putBack() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(entry) ?? "null");
  } catch {
    return;
  }
  fillIn(kept?.fields ?? {}, kept?.shown ?? {});
}

// What was kept goes to its fields; where those are not on the page yet they are asked for.
function fillIn(fields, then) {
  let any = false;
  waiting = { fields: {}, shown: {} };
  for (const [name, value] of Object.entries(fields)) {
    if (controls(name).length === 0) {
      const questions = document.getElementById(`${name.split(".")[0]}.asked`);
      if (!questions?.dataset.from && questions?.ariaBusy !== "true") continue; // asked no more
      waiting.fields[name] = value;
      if (then[name]) waiting.shown[name] = then[name];
      continue;
    }
    if (same(value, saved.get(name))) continue;
    set(name, value);
    if (then[name]) shown[name] = then[name];
    else delete shown[name];
    any = true;
  }
  for (const key of new Set(Object.keys(waiting.fields).map((name) => name.split(".")[0]))) {
    document.dispatchEvent(new CustomEvent("log:wanted", { detail: key }));
  }
  if (any) {
    say(words.back);
    later(0);
  } else keep();
}

document.addEventListener("log:fetched", (event) => {
  for (const [name, values] of typed()) if (!saved.has(name)) saved.set(name, values);
  Object.assign(shown, event.detail);
  form.elements.shown.value = JSON.stringify(shown);
  const { fields, shown: then } = waiting;
  if (Object.keys(fields ?? {}).length > 0) fillIn(fields, then);
  document.dispatchEvent(new Event("log:filled"));
});

function set(name, values) {
  for (const one of controls(name)) {
    if (one.type === "radio" || one.type === "checkbox") one.checked = values.includes(one.value);
    else if (one.type !== "hidden") one.value = values.at(-1) ?? "";
    one.closest("details:not(.context)")?.setAttribute("open", "");
  }
  document.dispatchEvent(new Event("log:filled"));
}

// --- sending ---

function say(text, good = true) {
  state.querySelector("[role=status]").textContent = text;
  state.classList.toggle("unsaved", !good);
}

function later(after = AFTER) {
  clearTimeout(timer);
  if (!over) timer = setTimeout(send, after);
}

async function send() {
  clearTimeout(timer);
  if (sending) {
    await sending;
    return pending().size === 0 || send();
  }
  const news = new Map([...pending()].filter(([name, value]) => !same(value, refused.get(name))));
  if (over || news.size === 0) return pending().size === 0;
  sending = post(news).finally(() => (sending = null));
  const done = await sending;
  if (done && [...pending()].some(([name, value]) => !same(value, refused.get(name)))) later();
  return done && pending().size === 0;
}

async function post(news, again = true) {
  say(words.saving);
  const body = new FormData();
  for (const name of ["csrf_token", "person"]) body.append(name, form.elements[name].value);
  body.append("shown", JSON.stringify(shown));
  const head = [...news.keys()].some(inHead);
  if (head) body.append("with_head", "1");
  for (const [name, values] of typed()) {
    if (news.has(name) || (head && inHead(name))) for (const value of values) body.append(name, value);
  }
  let answer = null;
  try {
    answer = await fetch(form.dataset.draft, {
      method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000),
    });
  } catch {
    return failed();
  }
  if (answer.status === 401) return signedOut();
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 400 && told.csrf && again) {
    for (const one of document.querySelectorAll('input[name="csrf_token"]')) one.value = told.csrf;
    return post(news, false);
  }
  if (answer.status === 409) return ended(told.message);
  if (answer.status === 403 || answer.status === 404) return ended(words.denied);
  if (!answer.ok) return failed();
  accept(news, told);
  return true;
}

function failed() {
  say(keep() ? words.kept : words.lost, false);
  timer = setTimeout(send, AGAIN);
  return false;
}

function ended(message) {
  over = true;
  keep();
  say(message, false);
  return false;
}

function signedOut() {
  keep();
  say(words.signed_out, false);
  if (!dialog.open) dialog.showModal();
  return false;
}

function accept(news, told) {
  for (const [name, values] of news) {
    if (name in told.refused) refused.set(name, values);
    else {
      saved.set(name, values);
      refused.delete(name);
    }
    mark(name, told.refused[name]);
  }
  Object.assign(shown, told.shown);
  form.elements.shown.value = JSON.stringify(shown);
  const mine = pending();
  for (const [name, value] of Object.entries(told.fresh)) {
    if (mine.has(name)) continue;
    set(name, ["present", "excused"].includes(name) ? value.split(",") : [value]);
  }
  for (const [name, values] of typed()) if (!mine.has(name)) saved.set(name, values);
  showVersions(told.conflicts);
  for (const [key, text] of Object.entries(told.counts ?? {})) {
    document.getElementById(key)?.querySelector("[data-counts]")?.replaceChildren(text);
  }
  keep();
  const wrong = Object.keys(told.refused).length > 0;
  say(wrong ? words.refused : fill(words.saved, { time: told.saved }), !wrong);
}

function mark(name, message) {
  const [control] = controls(name);
  document.getElementById(`fault:${name}`)?.remove();
  control?.removeAttribute("aria-invalid");
  if (!message || !control) return;
  const fault = Object.assign(document.createElement("p"), { className: "fault", id: `fault:${name}`, textContent: message });
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", fault.id);
  control.after(fault);
}

function showVersions(conflicts) {
  for (const old of form.querySelectorAll(".conflict")) if (!(old.dataset.key in conflicts)) old.remove();
  for (const [key, html] of Object.entries(conflicts)) {
    const parsed = new DOMParser().parseFromString(html, "text/html").querySelector(".conflict");
    const old = form.querySelector(`.conflict[data-key="${CSS.escape(key)}"]`);
    const place = (inHead(key) ? document.getElementById("head") : document.getElementById(key.split(".")[0]))?.querySelector(".conflicts");
    if (old) old.replaceWith(parsed);
    else place?.append(parsed);
  }
}

// --- signing in again, on top of the page ---

dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const fault = dialog.querySelector(".fault");
  const password = dialog.querySelector("input[type=password]");
  fault.hidden = true;
  try {
    const page = await (await fetch(form.dataset.login)).text();
    const login = new DOMParser().parseFromString(page, "text/html").querySelector('input[name="email"]')?.form;
    if (login) {
      const body = new FormData(login);
      body.set("email", form.dataset.address);
      body.set("password", password.value);
      await fetch(form.dataset.login, { method: "POST", body });
    }
  } catch {
    // the next attempt to save says whether the server can be reached
  }
  if (await send()) dialog.close();
  else {
    fault.textContent = words.wrong_password;
    fault.hidden = false;
  }
  password.value = "";
});
window.addEventListener("focus", () => dialog.open && send().then((done) => done && dialog.close()));

// --- when ---

for (const kind of ["input", "change"]) {
  form.addEventListener(kind, () => {
    keep();
    later();
  });
}
window.addEventListener("online", () => later(0));
window.addEventListener("pagehide", keep);
window.addEventListener("beforeunload", (event) => {
  if (pending().size > 0 && !keep()) event.preventDefault();
});

// A button that leaves the page waits until everything is saved.
let leaving = false;
document.addEventListener("submit", async (event) => {
  const out = event.target.action.endsWith("/logout");
  if (leaving || event.target.method === "dialog" || dialog.contains(event.target)) return;
  if (pending().size > 0 && !over) {
    event.preventDefault();
    const done = (await send()) || refused.size > 0;
    if (!done && !(out && window.confirm(words.sign_out))) return;
    leaving = true;
    gone = out;
    event.target.requestSubmit(event.submitter);
  }
});
putBack();
