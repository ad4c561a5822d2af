"""Contexto acotado de partners: dominio, aplicación e infraestructura."""
