"""Importar leads de una hoja de cálculo, como trabajo en segundo plano."""
