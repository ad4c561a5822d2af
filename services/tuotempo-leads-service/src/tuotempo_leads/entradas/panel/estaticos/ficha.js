// Los campos de cada tipo de resultado solo se ven, y solo se envían, cuando es el elegido; y el botón de imprimir.
"use strict";

const tipos = [...document.querySelectorAll('input[name="tipo"]')];
function mostrar() {
  const elegido = tipos.find((tipo) => tipo.checked)?.value;
  for (const grupo of document.querySelectorAll("fieldset[data-de]")) {
    grupo.hidden = grupo.dataset.de !== elegido;
    grupo.disabled = grupo.hidden;
  }
}
for (const tipo of tipos) tipo.addEventListener("change", mostrar);
mostrar();

for (const boton of document.querySelectorAll("[data-imprimir]")) {
  boton.hidden = false;
  boton.addEventListener("click", () => window.print());
}
