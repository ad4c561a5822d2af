// Lo que toda página hace sin recargarse: trozos que se refrescan solos y formularios que avisan y no se envían dos veces.
"use strict";

for (const trozo of document.querySelectorAll("[data-refrescar]")) refrescar(trozo);

// En el documento y no en cada formulario: los que llegan en un trozo refrescado también cuentan.
document.addEventListener("submit", (suceso) => {
  const formulario = suceso.target;
  const pregunta = formulario.dataset.confirmar;
  if (pregunta && !window.confirm(pregunta)) suceso.preventDefault();
  else if (formulario.method === "post" && formulario.dataset.enviado) suceso.preventDefault();
  else formulario.dataset.enviado = "sí";
});
// Un fichero que no cabe se dice antes de enviarlo entero.
document.addEventListener("change", ({ target }) => {
  if (!target.dataset.maximo) return;
  const grande = [...target.files].some((fichero) => fichero.size > Number(target.dataset.maximo));
  target.setCustomValidity(grande ? target.dataset.noCabe : "");
  target.reportValidity();
});
window.addEventListener("pageshow", () => {
  for (const formulario of document.querySelectorAll("form[data-enviado]")) delete formulario.dataset.enviado;
});

// `data-refrescar` es la dirección del trozo y `data-cada`, cada cuántos segundos; el trozo que llega con
// `data-terminado` no se vuelve a pedir. `[data-edad]`, dentro o fuera, cuenta los segundos que tienen los datos.
function refrescar(trozo) {
  const cada = Number(trozo.dataset.cada) * 1000;
  let leido = Date.now();
  let pedido = leido;
  let pidiendo = false;
  setInterval(async () => {
    const ahora = Date.now();
    contar(trozo, Math.round((ahora - leido) / 1000), ahora - leido > 3 * cada);
    if (pidiendo || document.hidden || ahora - pedido < cada || trozo.querySelector("[data-terminado]")) return;
    pidiendo = true;
    pedido = ahora;
    try {
      const respuesta = await fetch(trozo.dataset.refrescar, { headers: { "X-Requested-With": "fetch" } });
      if (respuesta.status === 401) return window.location.reload();
      if (respuesta.ok) {
        poner(trozo, await respuesta.text());
        leido = Date.now();
        contar(trozo, 0, false);
      }
    } catch {
      // Sin red: se enseña cuánto hace de los datos y se vuelve a intentar.
    } finally {
      pidiendo = false;
    }
  }, 1000);
}

// Quien está con el teclado dentro del trozo se queda donde estaba.
function poner(trozo, html) {
  const enfocables = "a, button, summary, input, select";
  const foco = [...trozo.querySelectorAll(enfocables)].indexOf(document.activeElement);
  const abiertos = [...trozo.querySelectorAll("details")].map((detalle) => detalle.open);
  trozo.innerHTML = html;
  trozo.querySelectorAll("details").forEach((detalle, i) => { detalle.open = Boolean(abiertos[i]); });
  if (foco >= 0) trozo.querySelectorAll(enfocables)[foco]?.focus();
}

function contar(trozo, segundos, viejos) {
  const edad = document.querySelector("[data-edad]");
  if (!edad) return;
  edad.textContent = `Datos de hace ${segundos} s`;
  edad.classList.toggle("viejos", viejos);
  trozo.classList.toggle("desfasado", viejos);
}
