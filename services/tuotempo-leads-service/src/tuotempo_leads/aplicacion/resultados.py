"""Anotar el resultado de una llamada: cambia el contacto, guarda la llamada y programa o cancela la rellamada."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from chasis import contexto
from chasis.eventos import emitir
from tuotempo_leads.aplicacion.eventos import TEMA, RellamadaProgramada, ResultadoLlamadaActualizado
from tuotempo_leads.dominio import estados
from tuotempo_leads.dominio.fechas import a_utc
from tuotempo_leads.dominio.resultado import Resultado, es_final
from tuotempo_leads.infraestructura import repositorio


@dataclass(frozen=True)
class Procedencia:
    """Quién cuenta el resultado (`api` o `panel`) y en qué zona dice las horas."""

    zona: ZoneInfo
    origen: str = "api"
    usuario_id: int | None = None


def anotar(conexion: Connection, telefono: str, resultado: Resultado, procedencia: Procedencia) -> int:
    """Aplica `resultado` a todos los contactos de `telefono` (ya normalizado) y dice cuántos eran; 0, ninguno.

    Publica un solo `ResultadoLlamadaActualizado`, porque la llamada fue una, con el primero de los contactos.
    """
    momento = ahora()
    encontrados = repositorio.de_telefono(conexion, telefono, para_cambiar=True)
    for orden, lead in enumerate(encontrados):
        una = _Anotacion(conexion, lead, telefono, resultado, procedencia, momento)
        una.hacer(publicar=orden == 0)
    return len(encontrados)


def ahora() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _con_zona(momento: datetime) -> datetime:
    return momento.replace(tzinfo=UTC)  # fuera de aquí, ninguna hora va sin zona


@dataclass(frozen=True)
class _Anotacion:
    """Lo que hay que saber para anotar una llamada a un contacto."""

    conexion: Connection
    lead: Any
    telefono: str
    resultado: Resultado
    procedencia: Procedencia
    momento: datetime

    def hacer(self, *, publicar: bool) -> None:
        lead, dichos = self.lead, self.resultado.dichos
        dicho_1, dicho_2 = self.resultado.niveles(bool(lead.conPack))
        uno, dos = dicho_1 or lead.status_level_1, dicho_2 or lead.status_level_2
        con_pack = bool(dichos.get("conPack", lead.conPack))
        rellamada = self.resultado.hora_rellamada
        self._cambiar_contacto(uno, dos, con_pack, lead.version + (2 if rellamada else 1))
        llamada_id = self._guardar_llamada(uno, dos)
        if (uno, dos) != (lead.status_level_1, lead.status_level_2):
            self._guardar_cambio(uno, dos)
        if publicar:
            nombre = " ".join(filter(None, (lead.nombre, lead.apellidos)))
            suceso = ResultadoLlamadaActualizado(
                *(
                    str(lead.id),
                    llamada_id,
                    self.telefono,
                    nombre,
                    uno,
                    dos,
                    con_pack,
                    _con_zona(self.momento),
                )
            )
            emitir(self.conexion, TEMA, suceso, clave=str(lead.id), secuencia=lead.version + 1)
        if rellamada:
            self._programar(rellamada)
        elif es_final(uno):
            repositorio.cerrar_rellamada(self.conexion, lead.id, "cancelada", self.momento)

    def _cambiar_contacto(self, uno: str | None, dos: str | None, con_pack: bool, version: int) -> None:
        valores = {
            **self.resultado.dichos,
            "status_level_1": uno,
            "status_level_2": dos,
            "version": version,
        }
        if derivado := estados.resultado(uno, con_pack):
            valores["resultado_llamada"] = derivado
        repositorio.anotar_intento(self.conexion, self.lead.id, self.momento, valores)

    def _guardar_llamada(self, uno: str | None, dos: str | None) -> int:
        valores = {
            **self._de_quien(),
            **dict.fromkeys(("conPack", "cita", "hora_rellamada", "error_tecnico")),
            **dict.fromkeys(("razon_vuelta_a_llamar", "razon_no_interes")),
            **self.resultado.dichos,
            "telefono_norm": self.telefono,
            "status_level_1": uno,
            "status_level_2": dos,
            "codigo_no_interes": self.resultado.codigo_no_interes,
            "codigo_volver_llamar": self.resultado.codigo_volver_llamar,
            "peticion_id": contexto.peticion_id.get() or None,
        }
        return repositorio.anotar_llamada(self.conexion, valores)

    def _guardar_cambio(self, uno: str | None, dos: str | None) -> None:
        de = {"de_nivel_1": self.lead.status_level_1, "de_nivel_2": self.lead.status_level_2}
        repositorio.anotar_cambio_de_estado(
            self.conexion, {**self._de_quien(), **de, "a_nivel_1": uno, "a_nivel_2": dos}
        )

    def _programar(self, reloj: datetime) -> None:
        cuando = a_utc(reloj, self.procedencia.zona)
        codigo = self.resultado.codigo_volver_llamar
        repositorio.cerrar_rellamada(self.conexion, self.lead.id, "sustituida", self.momento)
        valores = {
            "momento": cuando,
            "motivo": self.resultado.razon_vuelta_a_llamar,
            "codigo": codigo,
            "creada_en": self.momento,
        }
        repositorio.programar_rellamada(self.conexion, self.lead.id, valores)
        suceso = RellamadaProgramada(str(self.lead.id), self.telefono, _con_zona(cuando), codigo)
        emitir(self.conexion, TEMA, suceso, clave=str(self.lead.id), secuencia=self.lead.version + 2)

    def _de_quien(self) -> dict[str, Any]:
        return {
            "lead_id": self.lead.id,
            "momento": self.momento,
            "origen": self.procedencia.origen,
            "usuario_id": self.procedencia.usuario_id,
        }
