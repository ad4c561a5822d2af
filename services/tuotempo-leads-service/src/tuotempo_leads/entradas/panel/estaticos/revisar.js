// Al cambiar a qué campo va una columna se vuelve a ver cómo queda, sin buscar el botón.
"use strict";

const recalcular = document.getElementById("recalcular");
document.addEventListener("change", ({ target }) => {
  if ("recalcula" in target.dataset) recalcular.form.requestSubmit(recalcular);
});
