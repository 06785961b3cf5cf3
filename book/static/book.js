// Switches above a page: its code, and the intervals of its large tables. Without this script both
// can be read: code behind a bar of its own, intervals below their numbers.
document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", () => {
  const article = document.querySelector("article.bd-article");
  const title = article && article.querySelector("h1");
  if (!title) return;
  const bar = document.createElement("p");
  bar.className = "switches";
  const addSwitch = (name, words, apply) => {
    const button = document.createElement("button");
    button.type = "button";
    const set = (on) => {
      document.documentElement.classList.toggle(`show-${name}`, on);
      button.setAttribute("aria-pressed", on);
      button.textContent = `${on ? "Hide" : "Show"} ${words}`;
      apply(on);
      try { localStorage.setItem(`show-${name}`, on); } catch { /* private windows */ }
    };
    button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true"));
    bar.append(button);
    let stored = null;
    try { stored = localStorage.getItem(`show-${name}`); } catch { /* private windows */ }
    set(stored === "true");
  };
  const code = article.querySelectorAll("details.above-input");
  if (code.length) addSwitch("code", "code", (on) => code.forEach((one) => { one.open = on; }));
  const hidden = article.querySelector(".on-demand .interval") ? "intervals" : "ranges of seeds";
  if (article.querySelector(".on-demand .interval, .interval .seeds")) {
    addSwitch("intervals", hidden, () => {});
  }
  if (bar.children.length) title.after(bar);

  // a link to what a closed tab holds opens it
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const content = target && target.closest(".sd-tab-content");
    if (!content) return;
    content.previousElementSibling.previousElementSibling.checked = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  window.addEventListener("load", reveal);

  // the drawing itself is the file: the page does not carry it twice
  const offer = (figure, kind, make) => {
    const link = document.createElement("a");
    link.download = link.textContent = `${figure.id}.${kind}`;
    link.href = `#${figure.id}`;
    link.addEventListener("click", async (event) => {
      if (link.href.startsWith("blob:")) return;
      event.preventDefault();
      link.href = URL.createObjectURL(await make(figure.querySelector("svg")));
      link.click();
    });
    const files = figure.querySelector("p.csv");
    files.prepend(link, files.textContent ? " · " : "");
  };
  const drawing = (svg) =>
    new Blob([svg.outerHTML.replaceAll("currentColor", "#000000")], { type: "image/svg+xml" });
  const raster = async (svg) => {
    const { width, height } = svg.viewBox.baseVal;
    const image = new Image(2 * width, 2 * height);
    image.src = URL.createObjectURL(drawing(svg));
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * width, 2 * height];
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done));
  };
  for (const figure of article.querySelectorAll("figure.drawn")) {
    offer(figure, "png", raster);
    offer(figure, "svg", drawing);
  }

  for (const table of article.querySelectorAll(".searchable .results-table")) {
    const rows = [...table.querySelectorAll("tbody tr")];
    if (rows.length < 10) continue;
    const search = document.createElement("input");
    search.type = "search";
    search.placeholder = `Find among ${rows.length} rows`;
    search.setAttribute("aria-label", search.placeholder);
    search.addEventListener("input", () => {
      const wanted = search.value.toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    table.before(search);
  }

  // docutils calls its citations a list, whose items they are not
  for (const list of article.querySelectorAll(".citation-list")) list.removeAttribute("role");

  // what is wider than its place says so, and is scrolled with the keyboard too
  const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    const isWide = target.scrollWidth > target.clientWidth;
    target.classList.toggle("scrolls", isWide);
    if (isWide) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }));
  for (const place of article.querySelectorAll(".results-table, .drawing")) watch.observe(place);
});
