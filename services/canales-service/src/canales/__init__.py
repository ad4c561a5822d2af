"""Clientes y los canales (correos y llamadas) por los que se comunicaron."""
