"""Chasis de Centralita: lo que todo servicio necesita y ningún negocio conoce."""
