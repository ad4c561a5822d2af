// Refresca el estado de los servicios sin recargar la página.
import { anunciar } from "./avisos.js";

const CADA = 5000; // ms entre preguntas
const PLAZO = 4000; // ms que se espera una respuesta
const seccion = document.getElementById("servicios");
const etiquetas = JSON.parse(seccion.dataset.etiquetas);
const detalles = JSON.parse(seccion.dataset.detalles);
const retrasoAdmisible = Number(seccion.dataset.retraso); // segundos que puede llevar un evento sin publicar
const frases = JSON.parse(seccion.dataset.eventos);
const desfase = document.getElementById("desfase");
const pausa = document.getElementById("pausa");

let ultimo = Date.now();
let falla = false;
let pausado = false;
let reloj = 0;

async function refrescar() {
  try {
    const respuesta = await fetch(seccion.dataset.fuente, { signal: AbortSignal.timeout(PLAZO) });
    if (!respuesta.ok) throw new Error(`HTTP ${respuesta.status}`);
    const { servicios } = await respuesta.json();
    servicios.forEach(pintar);
    const operativos = servicios.filter((servicio) => servicio.estado === "operativo").length;
    poner(seccion, "resumen", `${operativos} de ${servicios.length} servicios operativos`);
    ultimo = Date.now();
    falla = false;
  } catch {
    if (!falla) anunciar("El portal no contesta. El estado que ves puede ser antiguo.");
    falla = true;
  }
  envejecer();
}

function pintar(servicio) {
  const tarjeta = seccion.querySelector(`[data-servicio="${servicio.nombre}"]`);
  if (!tarjeta) return;
  const etiqueta = etiquetas[servicio.estado];
  if (tarjeta.dataset.estado !== servicio.estado) anunciar(`${servicio.titulo}: ${etiqueta}`);
  tarjeta.dataset.estado = servicio.estado;
  poner(tarjeta, "etiqueta", etiqueta);
  poner(tarjeta, "detalle", detalles[servicio.estado] + servicio.motivos.join("; ").replaceAll("_", " "));
  pintarEventos(tarjeta, servicio.eventos);
  poner(tarjeta, "version", servicio.version ?? "—");
  poner(tarjeta, "latencia", servicio.latencia_ms ? `${servicio.latencia_ms}\u00a0ms` : "—");
}

function pintarEventos(tarjeta, eventos) {
  const partes = Object.entries(frases).filter(([dato]) => eventos?.[dato])
    .map(([dato, [uno, varios]]) => `${eventos[dato]} ${eventos[dato] === 1 ? uno : varios}`);
  if (eventos?.mas_antiguo_s > retrasoAdmisible) partes.splice(1, 0, `el más antiguo, de hace ${Math.floor(eventos.mas_antiguo_s / 60)}\u00a0min`);
  const sitio = tarjeta.querySelector('[data-dato="eventos"]');
  sitio.hidden = partes.length === 0;
  sitio.toggleAttribute("data-alerta", Boolean(eventos?.alerta));
  poner(tarjeta, "eventos", partes.join(" · "));
}

function poner(donde, dato, texto) {
  const sitio = donde.querySelector(`[data-dato="${dato}"]`);
  if (sitio.textContent !== texto) sitio.textContent = texto;
}

function envejecer() {
  const hace = enPalabras(Math.round((Date.now() - ultimo) / 1000));
  for (const tiempo of seccion.querySelectorAll('[data-dato="edad"]')) tiempo.textContent = hace;
  const antiguo = falla && !pausado;
  seccion.classList.toggle("desfasada", antiguo);
  desfase.hidden = !antiguo;
  desfase.textContent = `El portal no contesta: lo que ves es de ${hace}. Se sigue intentando.`;
}

function enPalabras(segundos) {
  return segundos < 90 ? `hace ${segundos}\u00a0s` : `hace ${Math.round(segundos / 60)}\u00a0min`;
}

async function ciclo() {
  clearTimeout(reloj);
  await refrescar();
  clearTimeout(reloj);
  if (!pausado && !document.hidden) reloj = setTimeout(ciclo, CADA);
}

function alCambiar() {
  clearTimeout(reloj);
  if (!pausado && !document.hidden) ciclo();
}

pausa.addEventListener("click", () => {
  pausado = !pausado;
  pausa.textContent = pausado ? "Reanudar la actualización" : "Pausar la actualización";
  alCambiar();
});
document.addEventListener("visibilitychange", alCambiar);
setInterval(envejecer, 1000);
ciclo();
