// The glossary leaves only the words that fit what is typed; without this the button of the form asks for them.
const find = document.getElementById("text");
const count = document.getElementById("count");
const entries = [...document.querySelectorAll(".glossary .entry")].map((entry) => [entry, entry.textContent.toLowerCase()]);

const leave = () => {
  const wanted = find.value.trim().toLowerCase();
  let left = 0;
  for (const [entry, said] of entries) {
    entry.hidden = !said.includes(wanted);
    left += !entry.hidden;
  }
  for (const chapter of document.querySelectorAll(".glossary section")) {
    chapter.hidden = !chapter.querySelector(".entry:not([hidden])");
    const link = document.querySelector(`.chapters a[href="#${chapter.id}"]`);
    if (link) link.parentElement.hidden = chapter.hidden;
  }
  count.textContent = wanted ? count.dataset.words.replace("#", left) : "";
};

if (!new URLSearchParams(location.search).get("text")) { // what the server has narrowed it cannot widen
  find.form.querySelector("button").hidden = true;
  find.addEventListener("input", leave);
  find.form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => { // a link to a word that is hidden shows it
    const word = document.getElementById(location.hash.slice(1));
    if (!word?.closest("[hidden]")) return;
    find.value = "";
    leave();
    word.scrollIntoView();
  });
  if (find.value) leave(); // what the browser kept of a page gone back to
}
