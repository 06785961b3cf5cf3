// The explorer: a matrix of scores or differences by pair of languages, and what lies behind a cell.
const { measures, places } = JSON.parse(document.getElementById("explorer-data").textContent);
const root = document.getElementById("language-pairs");
const select = (name) => root.querySelector(`select[name=${name}]`);
const value = (name) => select(name).value;
let cell = [0, 1];

function offer(name, options, wanted) {
  const before = select(name).options.length ? value(name) : wanted;
  select(name).replaceChildren(...options.map(([key, text]) => new Option(text, key)));
  const keys = options.map(([key]) => String(key));
  select(name).value = [before, wanted].find((key) => keys.includes(key)) ?? keys[0];
}

function element(tag, text, children = []) {
  const made = document.createElement(tag);
  if (text !== "") made.textContent = text;
  made.append(...children);
  return made;
}

const place = () => places[Number(value("place"))];
const of = (sampler, kind, pair) => place()[kind][sampler][Number(value("measure"))][pair];

function score(pair) {
  const first = of(value("first"), "values", pair);
  return value("second") ? first - of(value("second"), "values", pair) : first;
}

// Green is more, purple less; a score alone is green by its size.
function shade(number, largest) {
  const strength = Math.round((55 * Math.abs(number)) / (largest || 1));
  return `color-mix(in srgb, ${number < 0 ? "#7b3294" : "#008837"} ${strength}%, transparent)`;
}

function matrix() {
  const { languages } = place();
  const size = languages.length;
  const scores = Array.from({ length: size * size }, (_, pair) => score(pair));
  const largest = Math.max(...scores.map(Math.abs));
  const head = element("tr", "", ["queries in ↓", ...languages.map(([code]) => code)].map((text) => element("th", text)));
  const rows = languages.map(([code], row) =>
    element("tr", "", [element("th", code), ...languages.map((_, column) => {
      const number = scores[row * size + column];
      const button = element("button", (value("second") && number >= 0 ? "+" : "") + number.toFixed(2));
      button.style.background = shade(number, largest);
      button.setAttribute("aria-pressed", row === cell[0] && column === cell[1]);
      button.addEventListener("click", () => { cell = [row, column]; draw(); });
      return element("td", "", [button]);
    })])
  );
  return element("table", "", [head, ...rows]);
}

function spread() {
  const { languages } = place();
  const pair = cell[0] * languages.length + cell[1];
  const samplers = [value("first"), value("second")].filter(Boolean);
  const said = samplers.map((name) => `${name} ${of(name, "values", pair).toFixed(3)}`).join("; ");
  root.querySelector("p").textContent =
    `Queries in ${languages[cell[0]][1]}, candidates in ${languages[cell[1]][1]}, ${measures[value("measure")]}: ${said}. ` +
    "Below, the share of questions by their score, all seeds together.";
  const bins = samplers.map((name) => of(name, "counts", pair));
  const head = element("tr", "", ["score from", ...samplers].map((text) => element("th", text)));
  const rows = bins[0].map((_, bin) =>
    element("tr", "", [element("th", (bin / bins[0].length).toFixed(1) + (bin + 1 < bins[0].length ? "" : " to 1")), ...bins.map((counts) => {
      const share = counts[bin] / counts.reduce((sum, one) => sum + one, 0);
      const bar = element("span", "");
      bar.className = "bar";
      bar.style.width = `${12 * share}em`;
      return element("td", "", [bar, ` ${(100 * share).toFixed(1)} %`]);
    })])
  );
  root.querySelector(".spread").replaceChildren(head, ...rows);
}

function draw() {
  const { samplers, languages } = place();
  const same = samplers.map((name) => [name, name]);
  const hybrid = samplers.find((name) => name.startsWith("Hybrid")) ?? samplers[0];
  offer("first", same, hybrid);
  offer("second", [["", "nothing: scores themselves"], ...same.filter(([name]) => name !== value("first"))], "X-X");
  cell = cell.map((one) => Math.min(one, languages.length - 1));
  root.querySelector(".scroll").replaceChildren(matrix());
  spread();
}

offer("place", places.map(({ title }, index) => [index, title]));
offer("measure", measures.map((name, index) => [index, name]));
root.addEventListener("change", draw);
root.hidden = false;
draw();
