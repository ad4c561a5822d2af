"""Lo que el simulador recuerda: usuarios y reservas, en memoria y para un solo proceso."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tuotempo_simulado.aplicacion.peticiones import Busqueda, Peticion, leer_reserva
from tuotempo_simulado.dominio import catalogo, huecos
from tuotempo_simulado.dominio.catalogo import Actividad, Clinica, Recurso, identificador
from tuotempo_simulado.dominio.errores import (
    CONFLICTO_DE_CLINICA,
    CONFLICTO_DE_USUARIO,
    MAXIMO_POR_DIA,
    RECURSO_NO_PERMITIDO,
    RESERVA_FALLIDA,
    Excepcion,
)
from tuotempo_simulado.dominio.huecos import Hueco
from tuotempo_simulado.dominio.personas import Reserva, Usuario, telefono

DIAS_CON_HUECOS = 3  # como el de verdad, solo se enseñan los próximos días en que queda algo
HUECOS_DE_2030 = 365
_DICIEMBRE_DE_2030 = (date(2030, 12, 1), date(2030, 12, 31))
_FECHA_DE_NACIMIENTO = re.compile(r"(0[1-9]|[12]\d|3[01])/(0[1-9]|1[0-2])/\d{4}")


@dataclass(frozen=True)
class Datos:
    """Los datos personales de un alta, sin comprobar."""

    fname: str
    lname: str
    birthday: str
    phone: str


class Agenda:
    """Los casos de uso. Los métodos que cambian algo se turnan con un cerrojo: un hueco solo lo consigue uno."""

    def __init__(self, ahora: Callable[[], datetime]) -> None:
        """`ahora` da la hora local de las clínicas, sin zona."""
        self.clinicas = catalogo.clinicas()
        self._ahora = ahora
        self._por_id = {clinica.id: clinica for clinica in self.clinicas}
        self._recursos = {recurso.id: (c, recurso) for c in self.clinicas for recurso in c.recursos}
        self._turno = threading.Lock()
        self.reiniciar()

    def reiniciar(self) -> None:
        """Olvida usuarios y reservas; los identificadores vuelven a empezar y son los mismos que la vez anterior."""
        with self._turno:
            self._usuarios: dict[str, Usuario] = {}
            self._reservas: dict[str, Reserva] = {}
            self._ocupados: dict[tuple[str, datetime], str] = {}
            self._altas = self._citas = 0

    def resumen(self) -> dict[str, int]:
        return {
            "clinicas": len(self.clinicas),
            "usuarios": len(self._usuarios),
            "reservas": len(self._reservas),
        }

    def actividades(self, clinica_id: str | None) -> tuple[Actividad, ...]:
        return self._clinica(clinica_id).actividades if clinica_id else catalogo.ACTIVIDADES

    def disponibilidades(self, busqueda: Busqueda) -> list[Hueco]:
        """Huecos libres, agrupados por profesional y no por hora, como los da TuoTempo."""
        clinica = self._clinica(busqueda.clinica_id)
        actividad = clinica.actividad(busqueda.actividad_id)
        if actividad is None:
            raise Excepcion(RECURSO_NO_PERMITIDO)
        recursos = [r for r in clinica.recursos if busqueda.recurso_id in (None, r.id)]
        if busqueda.fecha_iso:
            en_2030 = self._del_dia(clinica, actividad, recursos, huecos.dias_laborables(*_DICIEMBRE_DE_2030))
            return [hueco for dia in en_2030 for hueco in dia][:HUECOS_DE_2030]
        hoy = self._ahora().date()
        ultimo = hoy + timedelta(days=huecos.DIAS)
        dias = huecos.dias_laborables(max(busqueda.desde or hoy, hoy), ultimo)
        hallados: list[list[Hueco]] = []
        for del_dia in self._del_dia(clinica, actividad, recursos, dias):
            libres = [h for h in del_dia if busqueda.desde_minuto <= h.minuto < busqueda.hasta_minuto]
            hallados += [libres] if libres else []
            if len(hallados) == DIAS_CON_HUECOS:
                break
        return sorted((h for dia in hallados for h in dia), key=lambda h: (h.recurso.id, h.inicio))

    def registrar(self, datos: Datos, *, ocasional: bool) -> Usuario:
        if not _FECHA_DE_NACIMIENTO.fullmatch(datos.birthday):
            raise Excepcion("", "El campo 'birthday' debe ser una fecha DD/MM/AAAA")
        normalizado = telefono(datos.phone)
        with self._turno:
            self._altas += 1
            usuario = Usuario(
                id=identificador("usuario", self._altas, largo=13),
                nombre=datos.fname,
                apellidos=datos.lname,
                nacimiento=datos.birthday,
                telefono=normalizado,
                ocasional=ocasional,
                sesion=identificador("sesion", self._altas, largo=32) if ocasional else "",
            )
            self._usuarios[usuario.id] = usuario
        return usuario

    def reservar(self, cuerpo: Mapping[str, object]) -> Reserva:
        peticion = leer_reserva(cuerpo)
        hueco = self._hueco(peticion)
        with self._turno:
            usuario = self._usuarios.get(peticion.usuario_id)
            if usuario is None:
                raise Excepcion(RESERVA_FALLIDA, "El usuario no existe")
            self._exigir_libre(hueco, usuario)
            self._citas += 1
            cita_id = f"sc{identificador('cita', self._citas)}@{hueco.clinica.miembro}"
            reserva = Reserva(cita_id, usuario, hueco, peticion.telefono or usuario.telefono)
            self._reservas[reserva.id] = reserva
            self._ocupados[hueco.recurso.id, hueco.inicio] = reserva.id
        return reserva

    def anular(self, reserva_id: str) -> Reserva:
        with self._turno:
            reserva = self._reservas.pop(reserva_id, None)
            if reserva is None:
                raise Excepcion(RESERVA_FALLIDA, "La reserva no existe")
            del self._ocupados[reserva.hueco.recurso.id, reserva.hueco.inicio]
        return reserva

    def _clinica(self, clinica_id: str) -> Clinica:
        if clinica_id not in self._por_id:
            raise Excepcion(RECURSO_NO_PERMITIDO)
        return self._por_id[clinica_id]

    def _del_dia(
        self, clinica: Clinica, actividad: Actividad, recursos: list[Recurso], dias: Iterator[date]
    ) -> Iterator[list[Hueco]]:
        ahora = self._ahora()
        for dia in dias:
            comienzos = [hora for hora in huecos.horas(dia) if hora >= ahora]
            yield [
                Hueco(clinica, recurso, actividad, hora)
                for recurso in recursos
                for hora in comienzos
                if (recurso.id, hora) not in self._ocupados
            ]

    def _hueco(self, peticion: Peticion) -> Hueco:
        """El hueco que se pide, si sigue siendo uno de los que se ofrecieron; si no, la excepción genérica."""
        clinica, recurso = self._recursos.get(peticion.recurso_id, (None, None))
        actividad = clinica.actividad(peticion.actividad_id) if clinica else None
        if not (clinica and recurso and actividad and huecos.existe(peticion.inicio, self._ahora())):
            raise Excepcion(RESERVA_FALLIDA)
        hueco = Hueco(clinica, recurso, actividad, peticion.inicio)
        if peticion.fin != hueco.fin or peticion.sesion not in (None, hueco.sesion):
            raise Excepcion(RESERVA_FALLIDA)
        return hueco

    def _exigir_libre(self, hueco: Hueco, usuario: Usuario) -> None:
        if (hueco.recurso.id, hueco.inicio) in self._ocupados:
            raise Excepcion(CONFLICTO_DE_CLINICA)
        suyas = [r for r in self._reservas.values() if r.usuario.telefono == usuario.telefono]
        if any(r.usuario.id == usuario.id and r.hueco.inicio == hueco.inicio for r in suyas):
            raise Excepcion(CONFLICTO_DE_USUARIO)
        if any(r.hueco.inicio.date() == hueco.inicio.date() for r in suyas):
            raise Excepcion(MAXIMO_POR_DIA)
