"""Clínicas, profesionales y actividades inventados: siempre los mismos, porque salen de una semilla fija."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random

from tuotempo_simulado.dominio.geografia import APELLIDOS, BARRIOS, CALLES, PROVINCIAS, Provincia

SEMILLA = 5010
MIEMBRO_DEL_README = "tt_adeslas_ecexpd4f_ef3ewl7a_ei4z3vee_44xewswy_sejh"
PRIMERA_VISITA = "sc159232371eb9c1"
_LETRAS = "abcdefghijklmnopqrstuvwxyz0123456789"


def identificador(*partes: object, largo: int = 14) -> str:
    """Cifras hexadecimales que dependen solo de `partes`."""
    texto = "|".join(map(str, (SEMILLA, *partes)))
    return hashlib.sha256(texto.encode()).hexdigest()[:largo]


@dataclass(frozen=True)
class Actividad:
    """Un tipo de cita del portal; cada clínica la conoce además por un identificador suyo."""

    id: str
    titulo: str
    tipologia: str

    @property
    def tipologia_id(self) -> str:
        return "sc" + identificador("tipologia", self.tipologia)

    def id_en(self, miembro: str) -> str:
        return "sc" + identificador("actividad", miembro, self.id)


@dataclass(frozen=True)
class Recurso:
    """Un profesional de una clínica."""

    id: str
    nombre: str
    codigo: str


@dataclass(frozen=True)
class Clinica:
    """Un «area» de TuoTempo: una clínica, que es además una instancia miembro del portal."""

    miembro: str
    titulo: str
    direccion: str
    cp: str
    ciudad: str | None
    provincia: str
    latitud: str
    longitud: str
    recursos: tuple[Recurso, ...]
    actividades: tuple[Actividad, ...]

    @property
    def id(self) -> str:
        return f"default@{self.miembro}"

    @property
    def codigo(self) -> str:
        return "-".join(self.miembro.split("_")[2:]).upper()

    def actividad(self, actividad_id: str) -> Actividad | None:
        """La actividad con ese identificador, sea el del portal o el de la clínica; `None` si no la ofrece."""
        por_id = {a.id: a for a in self.actividades} | {a.id_en(self.miembro): a for a in self.actividades}
        return por_id.get(actividad_id)


ACTIVIDADES = (
    Actividad(PRIMERA_VISITA, "Primera Visita (mayores De 16 Años)", "Odontología General"),
    *(
        Actividad("sc" + identificador("portal", titulo), titulo, tipologia)
        for titulo, tipologia in (
            ("Primera Visita (menores De 16 Años)", "Odontopediatría"),
            ("Higiene Dental", "Odontología General"),
            ("Revisión", "Odontología General"),
            ("Primera Visita Ortodoncia", "Ortodoncia"),
            ("Urgencia Dental", "Odontología General"),
        )
    ),
)


def clinicas() -> tuple[Clinica, ...]:
    """Todas las clínicas, en el orden en que las da el catálogo."""
    azar = Random(SEMILLA)  # noqa: S311 — se quiere que salga siempre lo mismo
    return tuple(
        _clinica(azar, provincia, numero) for provincia in PROVINCIAS for numero in range(provincia.clinicas)
    )


def _clinica(azar: Random, provincia: Provincia, numero: int) -> Clinica:
    miembro = _miembro(azar, provincia, numero)
    titulo = f"Clínica Demo {provincia.nombre} {BARRIOS[numero]}"
    cp = _codigo_postal(azar, provincia, numero)
    return Clinica(
        miembro=miembro,
        titulo=titulo,
        direccion=f"{azar.choice(CALLES)}, {azar.randint(1, 180)}",
        cp=cp,
        ciudad=provincia.nombre if azar.random() < 0.1 else None,  # TuoTempo casi nunca la dice
        provincia=provincia.nombre,
        latitud=f"{provincia.latitud + azar.uniform(-0.05, 0.05):.7f}",
        longitud=f"{provincia.longitud + azar.uniform(-0.05, 0.05):.7f}",
        recursos=tuple(_recurso(azar, miembro, orden) for orden in range(azar.randint(2, 4))),
        actividades=tuple(a for a in ACTIVIDADES if a.id == PRIMERA_VISITA or azar.random() < 0.7),
    )


def _miembro(azar: Random, provincia: Provincia, numero: int) -> str:
    trozos = ("".join(azar.choices(_LETRAS, k=largo)) for largo in (8, 8, 8, 8, 4))
    nombre = "tt_clinica_" + "_".join(trozos)
    # La primera de Madrid es la que nombra el README de tuotempo-leads-service: su ejemplo funciona tal cual.
    return MIEMBRO_DEL_README if (provincia.nombre, numero) == ("Madrid", 0) else nombre


def _codigo_postal(azar: Random, provincia: Provincia, numero: int) -> str:
    """Cinco cifras, salvo una clínica de Almería, a la que le falta el cero como a una de las de verdad."""
    final = azar.randint(1, 40)
    if provincia.codigo == "04" and numero == 1:
        return "4700"
    # Las dos primeras de cada provincia grande comparten código postal, como pasa con ocho de los de verdad.
    return f"{provincia.codigo}{13 if provincia.clinicas > 3 and numero < 2 else final:03}"


def _recurso(azar: Random, miembro: str, orden: int) -> Recurso:
    trato = azar.choice(("Dr.", "Dra."))
    return Recurso(
        id=f"sc{identificador('recurso', miembro, orden)}@{miembro}",
        nombre=f"{trato} {APELLIDOS[orden]} {azar.choice(APELLIDOS)}",
        codigo=identificador("codigo", miembro, orden, largo=8).upper(),
    )
