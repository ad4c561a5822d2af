"""Hojas de cálculo: reconocerlas, leerlas en un proceso con límites, descargarlas y escribirlas."""
