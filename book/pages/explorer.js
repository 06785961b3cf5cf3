// The explorer's select boxes: what there is to choose, and the views that Vega binds to them.
const { menus, chosen, specs, measures, languages, ...packed } = JSON.parse(
  document.getElementById("explorer-data").textContent,
);
const unpack = ({ names, rows }) =>
  rows.flatMap(({ samplers, ...shared }) =>
    Object.entries(samplers).map(([sampler, own]) => ({
      sampler,
      ...shared,
      ...Object.fromEntries(names.map((name, index) => [name, own[index]])),
    }))
  );
const tables = { cells: unpack(packed.cells), answers: unpack(packed.answers) };
const box = (name) => document.getElementById(`explorer-${name}`);
const value = (name) => box(name).value;
const menu = () => menus[value("start")].benchmarks[value("benchmark")];

function choose(name, wanted) {
  if (value(name) === wanted) return;
  box(name).value = wanted;
  box(name).dispatchEvent(new Event("input", { bubbles: true }));
}

// Offer [value, text] pairs; what was chosen stays chosen where it can.
function offer(name, options) {
  const before = value(name);
  box(name).replaceChildren(...options.map(([key, text]) => new Option(text, key)));
  const stays = options.some(([key]) => key === before);
  if (stays) box(name).value = before;
  else box(name).dispatchEvent(new Event("input"));
}

const titled = (of) => Object.entries(of).map(([key, { title }]) => [key, title]);
const same = (names) => names.map((name) => [name, name]);

function offerAll() {
  offer("start", titled(menus));
  offer("benchmark", titled(menus[value("start")].benchmarks));
  const { samplers, languages: spoken, questions } = menu();
  offer("first", same(samplers));
  offer("second", same(samplers.filter((name) => name !== value("first"))));
  offer("measure", measures.map((name, index) => [String(index), name]));
  for (const name of ["query", "candidate"]) {
    offer(name, spoken.map((code) => [code, languages[code]]));
  }
  const asked = questions.filter((one) => one.languages.includes(value("query")));
  offer("question", asked.map(({ id, title }) => [id, title === id ? id : `${title} · ${id}`]));
}

function say() {
  const index = Number(value("measure"));
  const [first, second] = ["first", "second"].map((sampler) =>
    tables.cells.find((row) =>
      row.sampler === value(sampler) &&
      ["start", "benchmark", "query", "candidate"].every((name) => row[name] === value(name))
    )
  );
  const difference = first.values[index] - second.values[index];
  const sign = difference < 0 ? "−" : "+";
  const [query, candidate] = ["query", "candidate"].map((name) => languages[value(name)]);
  const scores = [first, second].map((row) => `${row.values[index].toFixed(3)} with ${row.sampler}`);
  box("said").textContent = `Queries in ${query}, candidates in ${candidate}, ` +
    `${measures[index]}: ${scores.join("; ")}; difference ${sign}${Math.abs(difference).toFixed(3)}.`;
}

for (const [name, wanted] of Object.entries(chosen)) {
  box(name).replaceChildren(new Option(wanted, wanted)); // kept by the offers
}
offerAll();
say();
box("explorer").hidden = false;
box("explorer").addEventListener("input", () => {
  offerAll();
  say();
});
// Vega measures its place when the window changes: it changes with the sidebar too
new ResizeObserver(() => window.dispatchEvent(new Event("resize"))).observe(box("explorer"));
for (const [name, spec] of Object.entries(specs)) {
  // Vega writes into the rows that it is given: each view has its own
  const datasets = structuredClone(tables);
  vegaEmbed(box(name + "-view"), { ...spec, datasets }, { actions: false, renderer: "svg" }).then(
    ({ view }) =>
      view.addEventListener("click", (_, item) => {
        const { query, candidate } = item?.datum ?? {};
        if (!query || !candidate) return;
        choose("query", query);
        choose("candidate", candidate);
      }),
  );
}
