"""Configuración y conexiones, con los nombres del README."""
