// Swagger UI sobre el documento reunido, con el tema del sistema.
const oscuro = matchMedia("(prefers-color-scheme: dark)");
const vestir = () => document.documentElement.classList.toggle("dark-mode", oscuro.matches);
oscuro.addEventListener("change", vestir);
vestir();

SwaggerUIBundle({
  url: document.getElementById("swagger-ui").dataset.fuente,
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
