// Hace las llamadas de «Pruébalo» y mantiene al día la orden de curl equivalente.
const PLAZO = 15000; // ms
const LARGO = 20000; // caracteres de respuesta que se enseñan

for (const prueba of document.querySelectorAll(".prueba")) preparar(prueba);
for (const enlace of document.querySelectorAll('a[href^="#pruebas-"]')) enlace.addEventListener("click", abrir);

function preparar(prueba) {
  const formulario = prueba.querySelector("form");
  const cuerpo = formulario.elements.cuerpo;
  const orden = formulario.querySelector(".orden code");
  const alDia = () => { orden.textContent = curl(formulario); };
  alDia();
  cuerpo?.addEventListener("input", alDia);
  cuerpo?.addEventListener("keydown", (tecla) => {
    if (tecla.key === "Enter" && (tecla.ctrlKey || tecla.metaKey)) formulario.requestSubmit();
  });
  formulario.addEventListener("submit", (suceso) => {
    suceso.preventDefault();
    if (formulario.ariaBusy !== "true") enviar(prueba, formulario);
  });
}

async function enviar(prueba, formulario) {
  const linea = prueba.querySelector(".linea");
  const salida = prueba.querySelector(".respuesta pre");
  formulario.ariaBusy = "true";
  linea.textContent = "Enviando…";
  const inicio = performance.now();
  try {
    const respuesta = await fetch(formulario.dataset.ruta, opciones(formulario));
    const texto = await respuesta.text();
    resumir(linea, respuesta.status, Math.round(performance.now() - inicio));
    salida.textContent = legible(texto);
    salida.hidden = !texto;
  } catch (fallo) {
    linea.dataset.clase = "5";
    linea.textContent = fallo.name === "TimeoutError" ? "Sin respuesta en 15 s" : "No se pudo conectar con el gateway";
    salida.hidden = true;
  }
  formulario.ariaBusy = "false";
}

function opciones(formulario) {
  const comunes = { method: formulario.dataset.metodo, signal: AbortSignal.timeout(PLAZO), cache: "no-store" };
  const cuerpo = formulario.elements.cuerpo;
  const tipo = { "Content-Type": "application/json" };
  return cuerpo ? { ...comunes, headers: tipo, body: cuerpo.value } : comunes;
}

function resumir(linea, estado, ms) {
  const clase = String(estado)[0];
  const veredicto = { 2: "Correcto", 4: "Petición rechazada", 5: "Error del servicio" }[clase] ?? "Respuesta";
  linea.dataset.clase = clase;
  linea.textContent = `${estado} · ${veredicto} · ${ms}\u00a0ms`;
}

function legible(texto) {
  let bonito = texto;
  try {
    bonito = JSON.stringify(JSON.parse(texto), null, 2);
  } catch {
    // No es JSON: se enseña tal cual.
  }
  return bonito.length > LARGO ? `${bonito.slice(0, LARGO)}\n… (${bonito.length - LARGO} caracteres más)` : bonito;
}

function curl(formulario) {
  const url = comillas(location.origin + formulario.dataset.ruta);
  const cuerpo = formulario.elements.cuerpo;
  if (!cuerpo) return `curl -i ${url}`;
  const tipo = "-H 'Content-Type: application/json'";
  return [`curl -i -X ${formulario.dataset.metodo} ${url}`, tipo, `--data-raw ${comillas(cuerpo.value)}`].join(" \\\n  ");
}

function comillas(texto) {
  return `'${texto.replaceAll("'", "'\\''")}'`;
}

function abrir(suceso) {
  const prueba = document.querySelector(`${suceso.currentTarget.hash} .prueba`);
  prueba.open = true;
  // El foco va detrás de la vista, pero después de que el navegador haya saltado.
  setTimeout(() => prueba.querySelector("summary").focus({ preventScroll: true }));
}
