// Draws the areas of a hotspot on its picture. The numbers stay in their fields, where they can be typed without this script.
const form = document.querySelector("[data-item-editor]");
const SVG = "http://www.w3.org/2000/svg";
let row = null;
let corners = [];
let from = null;

const field = (li, name) => li.querySelector(`[name$=".${name}"]`);
const numbersOf = (li) => (field(li, "numbers").value.match(/\d+/g) ?? []).map(Number);
const rowsOf = () => [...form.querySelectorAll('[data-rows="areas"] > ol > li')];

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function shapeOf(li) {
  const [a, b, c, d] = numbersOf(li);
  switch (field(li, "shape").value) {
    case "circle":
      return c > 0 && element("circle", { cx: a, cy: b, r: c });
    case "polygon":
      return b !== undefined && element("polygon", { points: field(li, "numbers").value.trim() });
    default:
      return d > 0 && element("rect", { x: a, y: b, width: c, height: d });
  }
}

function draw(box) {
  const layer = box.querySelector("[data-layer]");
  layer.replaceChildren();
  rowsOf().forEach((li, at) => {
    const shape = shapeOf(li);
    if (!shape) return;
    const group = element("g", { class: "hotspot__area", ...(li === row && { "data-chosen": "" }) });
    const [x, y] = numbersOf(li);
    const label = element("text", { x, y, "font-size": Number(box.dataset.height) / 16 + 1, "dominant-baseline": "hanging" });
    label.textContent = String(at + 1);
    group.append(shape, label);
    layer.append(group);
  });
}

function put(box, numbers) {
  const input = field(row, "numbers");
  input.value = numbers;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  draw(box);
}

function place(svg, event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const box = svg.viewBox.baseVal;
  const within = (n, most) => Math.round(Math.min(Math.max(n, 0), most));
  return [within(at.x, box.width), within(at.y, box.height)];
}

function trace(box, to) {
  const [x, y] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
  const [width, height] = [Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])];
  if (field(row, "shape").value === "circle") {
    const edge = Math.min(from[0], from[1], Number(box.dataset.width) - from[0], Number(box.dataset.height) - from[1]);
    put(box, `${from[0]}, ${from[1]}, ${Math.min(edge, Math.round(Math.hypot(width, height)))}`);
  } else {
    put(box, `${x}, ${y}, ${width}, ${height}`);
  }
}

function stop(box) {
  row = null;
  from = null;
  corners = [];
  box.removeAttribute("data-on");
  box.querySelector("[data-say]").textContent = "";
  box.querySelector("[data-stop]").hidden = true;
  draw(box);
}

function begin(box, li) {
  row = li;
  corners = [];
  box.setAttribute("data-on", "");
  box.querySelector("[data-say]").textContent = field(li, "shape").value === "polygon" ? box.dataset.drawingPolygon : box.dataset.drawing;
  box.querySelector("[data-stop]").hidden = false;
  draw(box);
  box.scrollIntoView({ block: "nearest" });
}

function open() {
  const box = form.querySelector("[data-areas]");
  if (!box || !(Number(box.dataset.width) > 0 && Number(box.dataset.height) > 0)) return;
  box.className = "canvas field";
  const svg = element("svg", { viewBox: `0 0 ${box.dataset.width} ${box.dataset.height}`, "aria-hidden": "true" });
  const layer = element("g", { "data-layer": "" });
  svg.append(element("image", { href: box.dataset.url, width: box.dataset.width, height: box.dataset.height, preserveAspectRatio: "none" }), layer);
  const say = document.createElement("p");
  say.className = "hint";
  say.setAttribute("role", "status");
  say.dataset.say = "";
  const done = document.createElement("button");
  Object.assign(done, { type: "button", className: "btn", textContent: box.dataset.done, hidden: true });
  done.dataset.stop = "";
  done.addEventListener("click", () => stop(box));
  box.append(say, svg, done);
  for (const li of rowsOf()) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn", textContent: box.dataset.draw });
    button.addEventListener("click", () => begin(box, li));
    li.querySelector(".option-row__fields").append(button);
  }
  svg.addEventListener("pointerdown", (event) => {
    if (!row) return;
    event.preventDefault();
    const at = place(svg, event);
    if (field(row, "shape").value === "polygon") {
      corners.push(at);
      put(box, corners.map((corner) => corner.join(",")).join(" "));
    } else {
      from = at;
      svg.setPointerCapture(event.pointerId);
    }
  });
  svg.addEventListener("pointermove", (event) => row && from && trace(box, place(svg, event)));
  svg.addEventListener("pointerup", (event) => {
    if (!row || !from) return;
    trace(box, place(svg, event));
    stop(box);
  });
  draw(box);
}

if (form) {
  open();
  form.addEventListener("fields", () => {
    row = null;
    open();
  });
  form.addEventListener("input", (event) => {
    const box = form.querySelector("[data-areas].canvas");
    if (box && event.target.name?.startsWith("areas.")) draw(box);
  });
}
