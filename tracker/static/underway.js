// What is being made elsewhere is looked at again until it is ready: bars move in place, what has changed is said once.

const region = document.querySelector("[data-refresh]");
const said = document.getElementById("under-way-said");
const parts = (root) => [...root.querySelectorAll("[data-part]")];
const shape = (root) => parts(root).map((part) => part.dataset.part).join(" ");
const again = (after) => setTimeout(look, after);

async function look() {
  if (document.hidden) return again(1000);
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return again(5000); // the server or the network is away: it goes on there, or begins anew
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(region.id);
  if (!fresh) return; // no longer signed in
  if (shape(fresh) === shape(region)) {
    const news = parts(fresh);
    parts(region).forEach((part, nth) => { part.innerHTML = news[nth].innerHTML; });
  } else {
    const had = region.contains(document.activeElement);
    region.innerHTML = fresh.innerHTML;
    if (had) (region.querySelector("[tabindex]") ?? region).focus();
    said.textContent = fresh.dataset.said;
  }
  if (fresh.dataset.refresh) again(fresh.dataset.refresh);
}

if (region) again(region.dataset.refresh);
