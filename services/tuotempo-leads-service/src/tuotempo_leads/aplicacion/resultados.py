"""Anotar el resultado de una llamada: cambia el contacto, guarda la llamada y programa o cancela la rellamada."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from chasis import contexto
from chasis.eventos import emitir
from tuotempo_leads.aplicacion import rellamadas
from tuotempo_leads.aplicacion.eventos import TEMA, ResultadoLlamadaActualizado
from tuotempo_leads.aplicacion.rellamadas import Plan
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.dominio import estados
from tuotempo_leads.dominio.reciclado import Reglas
from tuotempo_leads.dominio.resultado import Resultado
from tuotempo_leads.infraestructura import exclusiones, repositorio


@dataclass(frozen=True)
class Procedencia:
    """Quién cuenta el resultado (`api` o `panel`), en qué zona dice las horas y con qué reglas se vuelve a llamar."""

    zona: ZoneInfo
    reglas: Reglas
    origen: str = "api"
    usuario_id: int | None = None


def anotar(conexion: Connection, telefono: str, resultado: Resultado, procedencia: Procedencia) -> int:
    """Aplica `resultado` a todos los contactos de `telefono` (ya normalizado) y dice cuántos eran; 0, ninguno.

    Publica un solo `ResultadoLlamadaActualizado`, porque la llamada fue una, con el primero de los contactos.
    """
    momento = ahora()
    encontrados = repositorio.de_telefono(conexion, telefono, para_cambiar=True)
    excluido = bool(encontrados and exclusiones.de_uno(conexion, telefono))
    for orden, lead in enumerate(encontrados):
        plan = rellamadas.planear(
            lead, resultado, momento, procedencia.zona, procedencia.reglas, excluido=excluido
        )
        una = _Anotacion(conexion, lead, telefono, resultado, procedencia, momento, plan)
        una.hacer(publicar=orden == 0)
    return len(encontrados)


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
    plan: Plan

    def hacer(self, *, publicar: bool) -> None:
        lead, dichos = self.lead, self.resultado.dichos
        dicho_1, dicho_2 = self.resultado.niveles(bool(lead.conPack))
        uno, dos = dicho_1 or lead.status_level_1, dicho_2 or lead.status_level_2
        con_pack = bool(dichos.get("conPack", lead.conPack))
        self._cambiar_contacto(uno, dos, con_pack, lead.version + (2 if self.plan.nueva else 1))
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
        rellamadas.cumplir(self.conexion, lead, self.telefono, self.plan, self.momento)

    def _cambiar_contacto(self, uno: str | None, dos: str | None, con_pack: bool, version: int) -> None:
        valores = {
            **self.resultado.dichos,
            "status_level_1": uno,
            "status_level_2": dos,
            "version": version,
            **self.plan.cambios,
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

    def _de_quien(self) -> dict[str, Any]:
        return {
            "lead_id": self.lead.id,
            "momento": self.momento,
            "origen": self.procedencia.origen,
            "usuario_id": self.procedencia.usuario_id,
        }
