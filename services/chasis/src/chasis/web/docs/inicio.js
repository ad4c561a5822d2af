SwaggerUIBundle({
  url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true,
  tryItOutEnabled: true, displayRequestDuration: true, validatorUrl: null,
});
