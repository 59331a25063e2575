// A little comfort; every page works without it.

// After a form was sent back, begin at the list of what is not right.
document.getElementById("errors")?.focus();

// Before a deed that cannot be undone the question has the focus: the next Tab leads to the answer.
document.getElementById("ask")?.focus();

// What the browser keeps of an unsaved log goes when its person signs out.
document.addEventListener("submit", (event) => {
  if (!event.target.action.endsWith("/logout") || event.defaultPrevented) return;
  for (const name of Object.keys(localStorage)) if (name.startsWith("draft.")) localStorage.removeItem(name);
});

// A menu of the top bar closes when one goes elsewhere, or with Escape.
const menus = document.querySelectorAll(".topbar details");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (menu.open && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});

// A button that copies what stands elsewhere on the page, and says so.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const from = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(from.value);
      button.textContent = button.dataset.copied;
    } catch { // no clipboard without TLS: show the text, selected
      const folded = from.closest("details");
      if (folded) folded.open = true;
      from.focus();
      from.select();
    }
  });
}
