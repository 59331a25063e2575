// Logging with the keyboard: levels by key, the way from one open verdict to the next, progress as one types.
// Everything here is comfort: without it the page is a form with buttons.

const form = document.getElementById("log-form");
const words = JSON.parse(form.dataset.words);
const articles = [...form.querySelectorAll("article.channel")];
const LEVELS = { 1: "clear", 2: "remark", 3: "objection", 0: "none" };
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
const field = (name) => form.elements[name];
const told = (element) => element.dispatchEvent(new Event("change", { bubbles: true }));
const levelOf = (rate) => rate.querySelector(".levels input:checked")?.value ?? "";
const objected = (article) => article.querySelector(".levels input.objection:checked") !== null;
document.documentElement.classList.add("has-script");
for (const box of form.querySelectorAll("input.same")) box.tabIndex = -1; // U ticks it; Tab goes on to what is open

// --- the way ---

function focusOn(element) {
  const article = element.closest("article.channel");
  if (article) enter(article);
  element.closest("details")?.setAttribute("open", "");
  element.focus();
  (article ?? element).scrollIntoView({ block: "nearest" });
}

function enter(article) {
  if (article.classList.contains("active")) return;
  for (const other of articles) other.classList.toggle("active", other === article);
  for (const about of document.querySelectorAll(".side details")) about.open = about.dataset.of === article.id;
}

// The side says what the concept says of the channel in work: the text stands in the channel's row, once.
for (const about of document.querySelectorAll(".side > details")) {
  about.addEventListener("toggle", () => {
    const place = about.querySelector(".told-here");
    const said = document.getElementById(about.dataset.of).querySelector(".context .said");
    if (about.open && !place.hasChildNodes()) place.append(...said.cloneNode(true).childNodes);
  });
}

const focusRate = (rate) => focusOn(rate.querySelector(".levels input:checked") ?? rate.querySelector(".levels input"));
const openRates = (article) => [...article.querySelectorAll("fieldset.rate")].filter((rate) => !levelOf(rate));

// What a decision or an objection still lacks: a field of the channel's lower part.
function missingBelow(article) {
  const [decision, from, reason] = ["", ".from_on", ".reason"].map((part) => field(`${article.id}.decision${part}`));
  if (decision.value && decision.value !== "continue") {
    const lacking = [from, reason].find((one) => !one.value);
    if (lacking) return lacking;
  }
  if (!objected(article)) return undefined;
  const lines = [...article.querySelectorAll(".trio")].map((line) => [...line.querySelectorAll("textarea, select, input")]);
  if (lines.some((fields) => fields.every((one) => one.value))) return undefined;
  return lines[0].find((one) => !one.value);
}

function missingOfHead() {
  for (const name of ["held_on", "chair", "minute_taker"]) if (!field(name).value) return field(name);
  const ticked = (name) => [...form.querySelectorAll(`input[name="${name}"]`)].some((box) => box.checked);
  if (!ticked("present") && !field("guests").value) return form.querySelector('input[name="present"]');
  if (!ticked("excused") && !ticked("nobody_excused")) return field("nobody_excused");
  return undefined;
}

// On from an element: what is open in its channel, then in the next ones, then in those before, then the head.
function goOn(from) {
  const here = from.closest("article.channel");
  if (here) {
    const after = openRates(here).filter((rate) => from.compareDocumentPosition(rate) & Node.DOCUMENT_POSITION_FOLLOWING);
    const below = from.closest(".decisions") ? missingBelow(here) : undefined;
    if (below && below !== from) return focusOn(below);
    const rate = after[0] ?? openRates(here).find((one) => !one.contains(from));
    if (rate) return focusRate(rate);
    const lacking = missingBelow(here);
    if (lacking && lacking !== from) return focusOn(lacking);
  }
  const at = here ? articles.indexOf(here) : -1;
  for (const article of [...articles.slice(at + 1), ...articles.slice(0, Math.max(at, 0))]) {
    const [rate] = openRates(article);
    if (rate) return focusRate(rate);
    const lacking = missingBelow(article);
    if (lacking) return focusOn(lacking);
  }
  const lacking = missingOfHead();
  if (lacking && lacking !== from) return focusOn(lacking);
  form.querySelector("button[formaction]")?.focus();
}

// --- keys ---

form.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    return goOn(target);
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "Enter" && target.matches("input:not([type=submit]), select")) {
    event.preventDefault(); // a form must not be sent by accident
    return goOn(target);
  }
  const rate = target.closest(".rate");
  if (!rate || !target.closest(".levels")) return;
  const level = key in LEVELS ? rate.querySelector(`input.${LEVELS[key]}`) : null;
  if (level) {
    event.preventDefault();
    choose(rate, level);
    const reason = rate.querySelector("textarea");
    if (key === "2" || key === "3") focusOn(reason);
    else goOn(target);
  } else if (key.toLowerCase() === "u" && rate.querySelector("input.same")) {
    event.preventDefault();
    const same = rate.querySelector("input.same");
    same.click();
    if (same.checked) goOn(target);
  } else if (key.toLowerCase() === "d") {
    event.preventDefault();
    focusOn(field(`${rate.closest("article").id}.decision`));
  } else if (key === "?") {
    event.preventDefault();
    document.getElementById("keys-dialog").showModal();
  }
});

function choose(rate, level) {
  const same = rate.querySelector("input.same");
  if (same?.checked) untick(same);
  if (level.checked) return;
  level.checked = true;
  told(level);
}

function untick(same) {
  same.checked = false;
  told(same);
}

// --- what follows from what was typed ---

function takeOver(same) {
  const rate = same.closest(".rate");
  const level = rate.querySelector(`input.${same.checked ? rate.dataset.last : "none"}`);
  if (level.checked) return;
  level.checked = true;
  told(level);
}

form.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches("input.same")) takeOver(target);
  if (target.matches(".levels input") && target.checked) {
    const rate = target.closest(".rate");
    const same = rate.querySelector("input.same");
    if (same?.checked && target.value !== rate.dataset.last) untick(same);
    if (target.value === "objection") rate.closest("article").querySelector("details.decisions").open = true;
  }
  propose(target);
  count();
});

// A day is proposed where one is needed; it stands in the field and can be changed.
function propose(target) {
  const article = target.closest("article.channel");
  if (!article) return;
  const give = (name, day) => {
    const to = field(name);
    if (!to || to.value || !day) return;
    to.value = day;
    told(to);
  };
  if (target.name.endsWith(".decision") && !["", "continue"].includes(target.value)) {
    give(`${target.name}.from_on`, article.dataset.next);
  }
  if (target.name.endsWith(".what") && target.value) give(target.name.replace(/what$/, "due_on"), form.dataset.due);
}

// How much of the checklist is answered, and what an answer asks for.
function checklist(article) {
  const shown = article.querySelector("[data-checked]");
  if (!shown) return;
  const selects = [...article.querySelectorAll(".checks select")];
  if (selects.length === 0) return; // not fetched yet
  shown.textContent = fill(words.checked, { n: selects.filter((one) => one.value).length, total: selects.length });
  const clear = article.querySelector('input.clear[name$=".legality.level"]')?.checked;
  for (const select of selects) {
    const check = select.closest(".check");
    check.classList.toggle("wants-note", ["partly", "not_met"].includes(select.value));
    check.querySelector(".contradiction").hidden = !(clear && select.value === "not_met");
  }
}

function count() {
  let verdicts = 0;
  let whole = 0;
  let talked = 0; // of: the agenda, and what else was begun
  for (const article of articles) {
    const rates = [...article.querySelectorAll("fieldset.rate")];
    const open = openRates(article).length;
    verdicts += rates.length - open;
    whole += open === 0;
    talked += "agenda" in article.dataset || open < rates.length;
    article.classList.toggle("whole", open === 0);
    checklist(article);
    rates.forEach((rate, k) => {
      const sign = article.querySelectorAll(".sum .level")[k];
      const level = levelOf(rate) || "none";
      sign.className = `level level-${level}`;
      const use = sign.querySelector("use");
      use.setAttribute("href", use.getAttribute("href").replace(/#i-.*/, `#i-${level}`));
    });
  }
  const total = talked * 3;
  document.getElementById("progress").textContent = fill(words.verdicts, { n: verdicts, total });
  document.getElementById("whole").textContent = fill(words.whole, { n: whole, total: talked });
  const bar = form.querySelector(".logbar progress");
  bar.max = total || 1;
  bar.value = verdicts;
}

form.addEventListener("focusin", (event) => {
  const article = event.target.closest("article.channel");
  if (article && !event.target.closest(".sum")) enter(article);
});
form.addEventListener("click", (event) => {
  const opener = event.target.closest(".sum a");
  if (opener) enter(opener.closest("article.channel"));
  const confirm = event.target.closest('button[name="confirm"]');
  if (confirm && confirm.value !== "all") {
    event.preventDefault();
    for (const select of confirm.closest("article").querySelectorAll(".checks select")) {
      if (select.value || "concerned" in select.closest(".check").dataset || !select.querySelector('option[value="confirmed"]')) continue;
      select.value = "confirmed";
      told(select);
    }
    return;
  }
  const rest = event.target.closest('button[name="unchanged"]');
  if (!rest || rest.value === "all") return;
  event.preventDefault();
  for (const rate of openRates(rest.closest("article"))) {
    const same = rate.querySelector("input.same");
    const look = "news" in rate.closest("article").dataset && same?.name.includes(".legality.");
    if (same && !look && !rate.querySelector("textarea").value) same.click();
  }
  goOn(rest);
});
document.getElementById("only-open").addEventListener("click", (event) => {
  const on = form.classList.toggle("only-open");
  event.currentTarget.setAttribute("aria-pressed", String(on));
});
document.getElementById("show-keys").addEventListener("click", () => document.getElementById("keys-dialog").showModal());
document.querySelector('a.skip[href="#log"]')?.addEventListener("click", (event) => {
  event.preventDefault();
  goOn(form);
});
document.addEventListener("log:filled", count);
count();
