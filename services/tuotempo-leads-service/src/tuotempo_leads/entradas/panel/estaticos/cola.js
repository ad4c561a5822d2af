// Marcar todas las rellamadas de la página, y cuántas hay marcadas.
"use strict";

const todas = document.getElementById("todas");
if (todas) {
  const casillas = [...document.querySelectorAll('input[name="rellamadas"]')];
  const marcadas = document.getElementById("marcadas");
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
  contar();
}
