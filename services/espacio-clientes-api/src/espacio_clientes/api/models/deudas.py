"""Respuesta de la consulta de deudas, con las claves del README."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from espacio_clientes.puertos import Cuenta, Deuda


class DeudaPendiente(BaseModel):
    DESCRIPCION: str
    IMPO_MAXI: float
    IMPO_TOTA: float
    MONE_CODI: int
    FECH_VENC: date
    OBSERVACION: str
    CODMOVIMIENTO: str
    SEQ_DI: int

    @classmethod
    def de(cls, deuda: Deuda) -> DeudaPendiente:
        return cls(
            DESCRIPCION=deuda.descripcion,
            IMPO_MAXI=float(deuda.impo_maxi),
            IMPO_TOTA=float(deuda.impo_tota),
            MONE_CODI=deuda.moneda,
            FECH_VENC=deuda.fech_venc,
            OBSERVACION=deuda.observacion or "",
            CODMOVIMIENTO=deuda.codmovimiento,
            SEQ_DI=deuda.seq_di,
        )


class Deudas(BaseModel):
    deudas: list[DeudaPendiente]
    desc_clie: str
    cant_deta: int
    codresp: str
    descresp: str
    idsession: int

    @classmethod
    def de(cls, cuenta: Cuenta, idsession: int) -> Deudas:
        lista = [DeudaPendiente.de(deuda) for deuda in cuenta.deudas]
        return cls(
            deudas=lista, desc_clie=cuenta.nombre, cant_deta=len(lista), codresp="0", descresp="OK",
            idsession=idsession,
        )  # fmt: skip
