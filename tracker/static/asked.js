// The questions of a channel are fetched when they are unfolded, or when this browser keeps something typed there.
// Where that fails the button in their place asks the server for the page with them.

const form = document.getElementById("log-form");

async function fetched(questions) {
  const from = questions.dataset.from;
  if (!from) return;
  delete questions.dataset.from;
  questions.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(from, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    const parsed = new DOMParser().parseFromString(told.html, "text/html");
    const inside = questions.contains(document.activeElement) && document.activeElement.name === "checklist";
    for (const one of [...questions.children]) if (one.tagName !== "SUMMARY") one.remove();
    questions.append(...parsed.body.childNodes);
    questions.removeAttribute("aria-busy");
    document.dispatchEvent(new CustomEvent("log:fetched", { detail: told.shown }));
    if (inside) questions.querySelector("select, textarea")?.focus();
  } catch {
    questions.removeAttribute("aria-busy");
    questions.dataset.from = from; // again when it is unfolded again
  }
}

for (const questions of form.querySelectorAll("details.asked[data-from]")) {
  questions.addEventListener("toggle", () => questions.open && fetched(questions));
}
form.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="checklist"]');
  const questions = button?.closest("details.asked[data-from]");
  if (!questions) return;
  event.preventDefault();
  fetched(questions).then(() => button.isConnected && form.requestSubmit(button));
});
document.addEventListener("log:wanted", (event) => {
  const questions = document.getElementById(`${event.detail}.asked`);
  if (questions) questions.open = true;
});
