"""Lógica sobre los clientes que guarda storage_service."""
