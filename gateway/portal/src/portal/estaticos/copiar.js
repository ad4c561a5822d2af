// Botones «Copiar» de las órdenes.
import { anunciar } from "./avisos.js";

for (const boton of document.querySelectorAll(".copiar")) boton.addEventListener("click", () => copiar(boton));

async function copiar(boton) {
  const orden = boton.closest(".orden").querySelector("code");
  const copiado = await alPortapapeles(orden);
  const texto = copiado ? "Copiado" : "Selecciónalo y cópialo";
  const letrero = boton.querySelector('[data-dato="copiar"]');
  letrero.textContent = texto;
  anunciar(texto);
  setTimeout(() => { letrero.textContent = "Copiar"; }, 2000);
}

async function alPortapapeles(orden) {
  try {
    await navigator.clipboard.writeText(orden.textContent);
    return true;
  } catch {
    // Sin HTTPS no hay portapapeles moderno: se selecciona y se copia a la antigua.
    getSelection().selectAllChildren(orden);
    return document.execCommand("copy");
  }
}
