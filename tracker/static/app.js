// A little comfort; every page works without it.

// After a form was sent back, begin at the list of what is not right.
document.getElementById("errors")?.focus();

// Logging: 1 2 3 0 choose a level, U the box "unchanged", while a level has the focus (WCAG 2.1.4).
const LEVELS = { 1: "clear", 2: "remark", 3: "objection", 0: "none" };

document.addEventListener("keydown", (event) => {
  const levels = event.target.closest?.(".levels");
  if (!levels || event.ctrlKey || event.metaKey || event.altKey) return;
  const wanted =
    event.key.toLowerCase() === "u"
      ? levels.closest(".rate")?.querySelector("input.same")
      : levels.querySelector(`input.${LEVELS[event.key] ?? "nothing"}`);
  if (!wanted || wanted.disabled) return;
  event.preventDefault();
  if (wanted.type === "radio") wanted.focus();
  if (wanted.type === "checkbox" || !wanted.checked) wanted.click();
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
