"""Contactos de un call center: resultados de llamadas, huecos y citas en TuoTempo."""
