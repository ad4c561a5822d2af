"""Dónde están las clínicas inventadas: provincias como las escribe TuoTempo (sin acentos) y calles que no existen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Provincia:
    """`codigo` son las dos primeras cifras de sus códigos postales; las coordenadas, las de su capital."""

    nombre: str
    codigo: str
    latitud: float
    longitud: float
    clinicas: int


PROVINCIAS = (
    Provincia("Alicante", "03", 38.345, -0.481, 4),
    Provincia("Almeria", "04", 36.834, -2.463, 3),
    Provincia("Barcelona", "08", 41.387, 2.170, 6),
    Provincia("La Coruña", "15", 43.362, -8.411, 3),
    Provincia("Madrid", "28", 40.416, -3.703, 8),
    Provincia("Malaga", "29", 36.721, -4.421, 4),
    Provincia("Murcia", "30", 37.992, -1.130, 3),
    Provincia("Orense", "32", 42.336, -7.864, 2),
    Provincia("Sevilla", "41", 37.389, -5.984, 4),
    Provincia("Valencia", "46", 39.469, -0.376, 4),
    Provincia("Vizcaya", "48", 43.263, -2.935, 3),
    Provincia("Zaragoza", "50", 41.648, -0.889, 3),
)

BARRIOS = ("Centro", "Norte", "Sur", "Estación", "Parque", "Ensanche", "Plaza Mayor", "Universidad")
CALLES = (
    "Calle Falsa", "Avenida de los Ejemplos", "Calle del Molino Pintado", "Paseo de la Luna Llena",
    "Plaza de las Tres Fuentes", "Calle de la Oca", "Ronda del Papel", "Travesía del Olmo Azul",
)  # fmt: skip
APELLIDOS = ("Demo", "Ficticio", "Ensayo", "Muestra", "Prueba", "Inventado", "Supuesto", "Ejemplar")
