"use strict";

// Shows one step of the two passes at a time. Every text comes ready-made in the data and is only
// ever set as text.
(() => {
  const PAUSE = 1500; // milliseconds from step to step
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const steps = data.steps;
  const last = steps.length - 1;
  const drawn = (key) => byId(`${data.figure}-${key}`);
  const nodes = new Map(Object.keys(data.nodes).map((key) => [key, drawn(key)]));
  const edges = data.edges.map(drawn);
  const texts = new Map([...nodes].map(([key, group]) => [key, group.querySelectorAll("text")]));
  const values = new Map([...texts].map(([key, lines]) => [key, lines[1].textContent]));
  const slider = byId("slider");
  const graph = byId("graph");
  let current = 0;
  let timer = 0;

  function setLines(parent, lines) {
    parent.replaceChildren(
      ...lines.map((line) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = line;
        return paragraph;
      }),
    );
  }

  function show(index) {
    current = Math.min(Math.max(index, 0), last);
    const step = steps[current];
    const computed = new Set();
    const gradients = new Map();
    const flowed = new Set();
    for (const { phase, nodes: keys, edge, gradient } of steps.slice(0, current + 1)) {
      if (phase === "forward") keys.forEach((key) => computed.add(key));
      if (gradient) keys.forEach((key) => gradients.set(key, gradient));
      if (edge !== null) flowed.add(edge);
    }
    const backward = step.phase === "backward";
    for (const [key, group] of nodes) {
      const reached = backward ? gradients.has(key) : computed.has(key);
      group.classList.toggle("waiting", !reached);
      group.classList.toggle("active", step.nodes.includes(key) && current > 0);
      texts.get(key)[1].textContent = computed.has(key) ? values.get(key) : "";
      texts.get(key)[2].textContent = gradients.get(key) ?? "";
    }
    edges.forEach((group, edge) => {
      const used = !backward && computed.has(data.targets[edge]);
      const active =
        step.edge === edge ||
        (!backward && current > 0 && step.nodes.includes(data.targets[edge]));
      group.classList.toggle("waiting", !used && !flowed.has(edge));
      group.classList.toggle("unsigned", !flowed.has(edge));
      group.classList.toggle("active", active);
    });
    const place = `Step ${current} of ${last} · ${step.phase}`;
    byId("place").textContent = place;
    byId("what").textContent = step.title;
    setLines(byId("why"), step.lines);
    slider.value = current;
    slider.setAttribute("aria-valuetext", `${place}: ${step.title}`);
    byId("first").disabled = byId("back").disabled = current === 0;
    byId("next").disabled = byId("last").disabled = current === last;
    if (current > 0) reveal(nodes.get(step.nodes[0]));
    tellOfHovered();
  }

  function reveal(group) {
    const outer = graph.getBoundingClientRect();
    const inner = group.getBoundingClientRect();
    const margin = 24;
    for (const [scroll, low, high] of [
      ["scrollLeft", "left", "right"],
      ["scrollTop", "top", "bottom"],
    ]) {
      if (inner[low] < outer[low]) graph[scroll] -= outer[low] - inner[low] + margin;
      else if (inner[high] > outer[high]) graph[scroll] += inner[high] - outer[high] + margin;
    }
  }

  function pause() {
    clearInterval(timer);
    timer = 0;
    byId("play").textContent = "Play";
    byId("told").setAttribute("aria-live", "polite");
  }

  function play() {
    if (current === last) show(0);
    byId("play").textContent = "Pause";
    byId("told").setAttribute("aria-live", "off"); // else the reading never ends
    timer = setInterval(() => {
      show(current + 1);
      if (current === last) pause();
    }, PAUSE);
  }

  function go(index) {
    pause();
    show(index);
  }

  let hovered = null;

  function tellOfHovered() {
    if (hovered === null) return;
    const gradient = texts.get(hovered)[2].textContent;
    setLines(byId("hovered"), [...data.nodes[hovered], ...(gradient ? [gradient] : [])]);
  }

  function pointAt(key) {
    hovered = key;
    tellOfHovered();
  }

  for (const [key, group] of nodes) {
    group.addEventListener("mouseenter", () => pointAt(key));
    group.addEventListener("focus", () => pointAt(key));
  }

  const toggle = () => (timer ? pause() : play());
  const actions = {
    Home: () => go(0),
    ArrowLeft: () => go(current - 1),
    ArrowRight: () => go(current + 1),
    End: () => go(last),
    " ": toggle,
  };
  const buttons = { first: "Home", back: "ArrowLeft", next: "ArrowRight", last: "End", play: " " };
  for (const [id, key] of Object.entries(buttons)) {
    byId(id).addEventListener("click", actions[key]);
  }
  slider.addEventListener("input", () => go(Number(slider.value)));
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in actions)) return;
    if (event.key === " " && event.target instanceof HTMLButtonElement) return; // it clicks
    event.preventDefault();
    actions[event.key]();
  });

  setLines(byId("hovered"), ["Nothing is pointed at."]);
  show(0);
})();
