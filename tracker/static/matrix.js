// The cells of a matrix say what happened when pointed at or focused (tracker.css); this adds touch and Escape.
for (const matrix of document.querySelectorAll("table.matrix")) {
  let touched = false;
  matrix.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
  matrix.addEventListener("click", (event) => { // the first tap tells, the second leads there
    const cell = event.target.closest("a.cell");
    if (!cell || !touched || cell.classList.contains("open")) return;
    event.preventDefault();
    matrix.querySelector(".cell.open")?.classList.remove("open");
    cell.classList.add("open");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") matrix.classList.add("hush");
  });
  for (const wakes of ["pointerover", "focusin"]) {
    matrix.addEventListener(wakes, (event) => {
      if (event.target.closest(".cell") && !event.relatedTarget?.closest?.(".cell")?.contains(event.target))
        matrix.classList.remove("hush");
    });
  }
  document.addEventListener("click", (event) => {
    if (!matrix.contains(event.target)) matrix.querySelector(".cell.open")?.classList.remove("open");
  });
}
