"""Los partners en SQLAlchemy Core, sobre la conexión de la transacción en curso."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from partners.modulos.partners.dominio.entidades import EstadoPartner, Objeto, Partner
from partners.modulos.partners.dominio.excepciones import CambioSimultaneo, EmailExistente
from partners.modulos.partners.dominio.repositorios import Filtro
from partners.modulos.partners.infraestructura import mapeadores
from partners.modulos.partners.infraestructura.cifrado import Cifrador
from partners.modulos.partners.infraestructura.dto import historial_kyc, integraciones, partners

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_POR_TANDA = 500

# Las consultas que no cambian se construyen una vez: montarlas cuesta tanto como ejecutarlas.
_UN_PARTNER = sa.select(partners).where(partners.c.id == sa.bindparam("id"))
_PARA_CAMBIAR = _UN_PARTNER.with_for_update()  # SQLite no lo tiene ni lo necesita: allí solo escribe uno
_EXISTE = sa.select(partners.c.id).where(partners.c.id == sa.bindparam("id"))
_SU_PARTNER = sa.select(integraciones.c.partner_id).where(integraciones.c.id == sa.bindparam("id"))
_INTEGRACIONES = (
    sa.select(*(columna for columna in integraciones.c if columna.name != "configuracion"))
    .where(integraciones.c.partner_id == sa.bindparam("id"))
    .order_by(integraciones.c.fecha_creacion, integraciones.c.id)
)
_REVOCAR = (
    sa.update(integraciones)
    .where(integraciones.c.id == sa.bindparam("cual"))
    .values(activa=False, fecha_revocacion=sa.bindparam("cuando"), motivo_revocacion=sa.bindparam("por_que"))
)
_CUANTAS = (
    sa.select(sa.func.count()).where(integraciones.c.partner_id == partners.c.id).correlate(partners)
).scalar_subquery()
_RESUMENES = sa.select(
    *(partners.c[n] for n in ("id", "nombre", "email", "telefono", "estado", "estado_kyc", "fecha_creacion")),
    _CUANTAS.label("integraciones_count"),
).order_by(partners.c.fecha_creacion, partners.c.id)


class RepositorioSQL:
    """Implementa `dominio.repositorios.RepositorioPartners`."""

    def __init__(self, conexion: sa.Connection) -> None:
        self._conexion = conexion

    def agregar(self, partner: Partner) -> None:
        try:
            # El punto de retorno deja útil la transacción (PostgreSQL la anularía entera).
            with self._conexion.begin_nested():
                self._conexion.execute(sa.insert(partners), mapeadores.de_partner(partner))
        except IntegrityError:
            raise EmailExistente from None

    def obtener(self, partner_id: str, *, para_cambiar: bool = False) -> Partner | None:
        fila = self._una(_PARA_CAMBIAR if para_cambiar else _UN_PARTNER, partner_id)
        if fila is None:
            return None
        suyas = self._conexion.execute(_INTEGRACIONES, {"id": fila.id})
        return mapeadores.a_partner(fila, [mapeadores.a_integracion(una) for una in suyas])

    def existe(self, partner_id: str) -> bool:
        return self._una(_EXISTE, partner_id) is not None

    def partner_de(self, integracion_id: str) -> str | None:
        fila = self._una(_SU_PARTNER, integracion_id)
        return fila.partner_id if fila else None

    def guardar(self, partner: Partner) -> None:
        if partner.version == partner.guardada:
            return
        es_la_leida = (partners.c.id == partner.id, partners.c.version == partner.guardada)
        valores = mapeadores.de_partner(partner)
        if self._conexion.execute(sa.update(partners).where(*es_la_leida).values(valores)).rowcount != 1:
            raise CambioSimultaneo
        pendiente = partner.pendiente
        for orden, filas in (
            (sa.insert(integraciones), [mapeadores.de_integracion(una) for una in pendiente.nuevas]),
            (_REVOCAR, [mapeadores.de_revocacion(una) for una in pendiente.revocadas]),
            (sa.insert(historial_kyc), [mapeadores.de_cambio_kyc(partner, uno) for uno in pendiente.kyc]),
        ):
            if filas:
                self._conexion.execute(orden, filas)

    def partners(self, filtro: Filtro) -> ListaSQL:
        return ListaSQL(self._conexion, _RESUMENES.where(*_condiciones(filtro)), mapeadores.resumen)

    def integraciones(self, partner_id: str) -> ListaSQL:
        return ListaSQL(self._conexion, _INTEGRACIONES.params(id=partner_id), mapeadores.integracion_de_lista)

    def historial_kyc(self, partner_id: str) -> ListaSQL:
        del_partner = sa.select(historial_kyc).where(historial_kyc.c.partner_id == partner_id)
        return ListaSQL(
            self._conexion, del_partner.order_by(historial_kyc.c.id), mapeadores.linea_de_historial
        )

    def _una(self, consulta: sa.Select[Any], identificador: str) -> sa.Row[Any, Any, Any] | None:
        # Lo que no tiene forma de id no puede existir; ni se pregunta.
        if not _UUID.fullmatch(identificador):
            return None
        return self._conexion.execute(consulta, {"id": identificador}).one_or_none()


class ListaSQL:
    """Implementa `dominio.repositorios.Lista`: filas traídas por tandas, la memoria no crece con la tabla."""

    def __init__(
        self,
        conexion: sa.Connection,
        consulta: sa.Select[Any],
        objeto: Callable[[sa.Row[Any, Any, Any]], Objeto],
    ) -> None:
        self._conexion, self._consulta, self._objeto = conexion, consulta, objeto

    def contar(self) -> int:
        cuenta = self._consulta.with_only_columns(sa.func.count(), maintain_column_froms=True).order_by(None)
        return self._conexion.execute(cuenta).scalar_one()

    def recorrer(self, limite: int | None = None, salto: int = 0) -> Iterator[Objeto]:
        consulta = self._consulta.limit(limite).offset(salto or None)
        for tanda in self._conexion.execute(consulta.execution_options(yield_per=_POR_TANDA)).partitions():
            yield from map(self._objeto, tanda)


def recifrar(conexion: sa.Connection, cifrador: Cifrador) -> int:
    """Vuelve a cifrar cada configuración con la clave vigente y dice cuántas eran; o todas, o ninguna."""
    columna, con_ella = integraciones.c.configuracion, integraciones.c.configuracion.is_not(None)
    una = sa.update(integraciones).where(integraciones.c.id == sa.bindparam("cual"))
    cambio, cuantas, ultima = una.values(configuracion=sa.bindparam("cifrada")), 0, ""
    while tanda := conexion.execute(
        sa.select(integraciones.c.id, columna)
        .where(con_ella, integraciones.c.id > ultima)
        .order_by(integraciones.c.id)
        .limit(_POR_TANDA)
    ).all():
        conexion.execute(cambio, [{"cual": i, "cifrada": cifrador.recifrar(bytes(c))} for i, c in tanda])
        cuantas, ultima = cuantas + len(tanda), tanda[-1].id
    return cuantas


def _condiciones(filtro: Filtro) -> Iterator[sa.ColumnElement[bool]]:
    if filtro.estado:
        yield partners.c.estado == filtro.estado.value
    elif not filtro.incluir_eliminados:
        yield partners.c.estado != EstadoPartner.ELIMINADO.value
    if filtro.estado_kyc:
        yield partners.c.estado_kyc == filtro.estado_kyc.value
    if filtro.q:
        yield partners.c.busqueda.contains(filtro.q.casefold(), autoescape=True)
