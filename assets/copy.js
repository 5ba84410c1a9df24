// Puts a button that copies below each field with data-copy. Without this script the text can be selected.
for (const field of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = field.dataset.copy;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.className = "small";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without a secure context the browser keeps the clipboard: the selection is enough for the keyboard.
      field.focus();
      field.select();
      return;
    }
    said.textContent = field.dataset.copied;
  });
  const row = document.createElement("p");
  row.className = "cluster actions";
  row.append(button, said);
  field.after(row);
}
