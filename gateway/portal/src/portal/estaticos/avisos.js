// Lo que cambia solo se dice también a quien no mira la pantalla.
const avisos = document.getElementById("avisos");

export function anunciar(texto) {
  avisos.textContent = texto;
}
