// Marcar todas las filas de la página, decir cuántas hay marcadas y, antes de repartir muchas, preguntar.
"use strict";

const todas = document.getElementById("todas");
if (todas) {
  const casillas = [...document.querySelectorAll('td.marca-fila input[type="checkbox"]')];
  const marcadas = document.getElementById("marcadas");
  const cuales = document.getElementById("cuales");
  const formulario = document.getElementById("repartir");
  const contar = () => {
    const cuantas = casillas.filter((casilla) => casilla.checked).length;
    marcadas.textContent = cuantas ? `${cuantas} de ${casillas.length} marcadas` : "";
    todas.checked = cuantas === casillas.length;
    todas.indeterminate = cuantas > 0 && cuantas < casillas.length;
  };
  todas.hidden = false;
  todas.addEventListener("change", () => {
    for (const casilla of casillas) casilla.checked = todas.checked;
    contar();
  });
  for (const casilla of casillas) casilla.addEventListener("change", contar);
  cuales?.addEventListener("change", () => {
    const nombrados = cuales.selectedOptions[0].textContent.trim();
    if (cuales.value === "todos") formulario.dataset.confirmar = `¿Repartir ${nombrados}?`;
    else delete formulario.dataset.confirmar;
  });
  contar();
}
