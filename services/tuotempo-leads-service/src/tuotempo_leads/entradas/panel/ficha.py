"""Ficha de un lead: quién es, todo lo que le ha pasado y el resultado de la llamada que se le acaba de hacer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from chasis.errores import Conflicto, ErrorDeServicio, PeticionInvalida
from tuotempo_leads.aplicacion import resultados
from tuotempo_leads.aplicacion.exclusiones import ORIGENES, exigir_llamable
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.aplicacion.resultados import Procedencia
from tuotempo_leads.dominio import estados
from tuotempo_leads.dominio.fechas import a_utc, de_utc
from tuotempo_leads.dominio.provincias import provincia_de
from tuotempo_leads.dominio.resultado import Resultado
from tuotempo_leads.entradas.base import ajustes
from tuotempo_leads.entradas.esquemas import ResultadoDeLlamada
from tuotempo_leads.entradas.panel.base import bd, rutas, sesion
from tuotempo_leads.entradas.panel.historia import Suceso, ordenar
from tuotempo_leads.entradas.panel.textos import dia_y_hora
from tuotempo_leads.infraestructura import exclusiones, historia, repartos

MAYOR_NOTA = 10_000  # caracteres
PARA_UN_CAMPO = "%Y-%m-%dT%H:%M"  # lo que entiende un campo datetime-local
TIPOS = {"volver": "Volver a llamar", "no": "No le interesa", "cita": "Tiene cita"}


class HoraNoAdmitida(PeticionInvalida):
    """La hora pedida ya pasó o cae donde no se puede llamar; `propuesta`, si la hay, es la que sí valdría."""

    def __init__(self, texto: str, propuesta: str | None = None) -> None:
        super().__init__(texto, campo="hora")
        self.propuesta = propuesta


@rutas.get("/clinica/<int:lead_id>")
def ficha(lead_id: int) -> str | Response:
    return _pagina(lead_id)


@rutas.post("/clinica/<int:lead_id>/resultado")
def anotar_resultado(lead_id: int) -> str | Response | tuple[str | Response, int]:
    procedencia = Procedencia(ajustes().zona, ajustes().reglas, "panel", sesion().usuario_id)
    try:
        resultado = _enviado().resultado(procedencia.zona)
        with bd().escritura() as conexion:
            cuantos = _anotar(conexion, lead_id, resultado, procedencia)
    except ErrorDeServicio as error:
        if error.estado >= 500:
            raise
        return _pagina(lead_id, error), error.estado
    if not cuantos:
        return no_existe()
    flash("Resultado anotado.", "success")
    if cuantos > 1:
        flash(f"Hay {cuantos} leads con este teléfono: queda anotado en todos.", "info")
    return redirect(url_for("panel.ficha", lead_id=lead_id))


def _anotar(conexion: Connection, lead_id: int, resultado: Resultado, procedencia: Procedencia) -> int:
    """A cuántos leads se ha anotado; 0 si ese ya no existe."""
    lead = historia.lead(conexion, lead_id)
    if lead is None:
        return 0
    _exigir_hora_admitida(lead, resultado)
    _exigir_que_se_pueda(conexion, lead)
    return resultados.anotar(conexion, lead.telefono_norm, resultado, procedencia)


def lead_o_nada(lead_id: int) -> Any:
    with bd().lectura() as conexion:
        return historia.lead(conexion, lead_id)


def no_existe() -> Response:
    flash("Clínica no encontrada", "danger")
    return redirect(url_for("panel.leads"))


def _pagina(lead_id: int, rechazo: ErrorDeServicio | None = None) -> str | Response:
    with bd().lectura() as conexion:
        lead = historia.lead(conexion, lead_id)
        if lead is None:
            return no_existe()
        exclusion = exclusiones.de_uno(conexion, lead.telefono_norm) if lead.telefono_norm else None
        llamadas = historia.las_llamadas(conexion, lead_id)
        cambios = historia.los_cambios(conexion, lead_id)
        rellamadas = historia.las_rellamadas(conexion, lead_id)
        citas = historia.las_citas(conexion, lead_id, lead.telefono_norm)
        manos = repartos.de_lead(conexion, lead_id, historia.MAXIMO)
    momento, zona = ahora(), ajustes().zona
    sucesos: list[Suceso] = ordenar(llamadas, cambios, rellamadas, citas, manos, zona=zona)
    return render_template(
        "ficha.html",
        lead=lead,
        nombre=" ".join(filter(None, (lead.nombre, lead.apellidos))) or "Sin nombre",
        provincia=provincia_de(lead.codigo_postal),
        exclusion=exclusion,
        origenes=ORIGENES,
        sucesos=sucesos,
        pendiente=next((una for una in rellamadas if una.estado == "pendiente"), None),
        citas=[una for una in citas if una.estado in ("confirmada", "desconocida", "en_curso")],
        horario=_horario(lead, momento),
        rechazo=rechazo,
        enviado=request.form,
        tipos=TIPOS,
        codigos={"volver": estados.CODIGOS_VOLVER_A_LLAMAR, "no": estados.CODIGOS_NO_INTERES},
        minimo=de_utc(momento, zona).strftime(PARA_UN_CAMPO),
        impresa=momento,
        seccion="panel.leads",
    )


def _horario(lead: Any, momento: datetime) -> dict[str, str | None]:
    """El país de su número y, si ahora no se le puede llamar, cuándo se podrá."""
    zona, pais = ajustes().zona, ajustes().reglas.pais(lead.telefono)
    if pais.permite(momento):
        return {"pais": pais.codigo, "desde": None, "festivo": None}
    apertura = de_utc(pais.desde(momento), zona)
    desde = dia_y_hora(apertura, de_utc(momento, zona))
    return {"pais": pais.codigo, "desde": desde, "festivo": pais.festivo(momento)}


def _enviado() -> ResultadoDeLlamada:
    """El formulario, con los campos de la API: solo cuentan los del tipo de resultado elegido."""
    datos, tipo = request.form, request.form.get("tipo", "")
    razon = datos.get("razon", "")[:MAYOR_NOTA]
    campos: dict[str, Any] = {"telefono": "del lead"}
    if tipo == "volver":
        if not (datos.get("codigo_volver") or datos.get("hora")):
            raise PeticionInvalida("Di por qué hay que volver a llamar, o a qué hora", campo="hora")
        campos |= {"codigoVolverLlamar": datos.get("codigo_volver"), "razonvueltaallamar": razon}
        campos |= {"horaRellamada": datos.get("hora"), "status_level_1": estados.VOLVER_A_LLAMAR}
    elif tipo == "no":
        campos |= {
            "codigoNoInteres": _exigido("codigo_no", "Di por qué no le interesa"),
            "razonNoInteres": razon,
        }
    elif tipo == "cita":
        campos |= {"nuevaCita": _exigido("cita", "Di qué día y a qué hora es la cita")}
        campos |= {"conPack": "pack" in datos}
    else:
        raise PeticionInvalida("Elige qué ha pasado en la llamada", campo="tipo")
    return ResultadoDeLlamada.model_validate(campos)


def _exigido(campo: str, queja: str) -> str:
    if not (valor := request.form.get(campo, "").strip()):
        raise PeticionInvalida(queja, campo=campo)
    return valor


def _exigir_hora_admitida(lead: Any, resultado: Resultado) -> None:
    """Una hora a la que no se puede llamar no se anota: se propone la siguiente apertura."""
    if resultado.hora_rellamada is None:
        return
    zona, pais = ajustes().zona, ajustes().reglas.pais(lead.telefono)
    pedida = a_utc(resultado.hora_rellamada, zona)
    if pedida < ahora():
        raise HoraNoAdmitida("Esa hora ya ha pasado: elige otra")
    if pais.permite(pedida):
        return
    apertura = de_utc(pais.desde(pedida), zona)
    donde = f"{pais.codigo}{_por_festivo(pais.festivo(pedida))}"
    texto = (
        f"A esa hora no se puede llamar a {donde}. Te proponemos la siguiente apertura, "
        f"{dia_y_hora(apertura, de_utc(ahora(), zona))}: revísala y guarda"
    )
    raise HoraNoAdmitida(texto, apertura.strftime(PARA_UN_CAMPO))


def _por_festivo(nombre: str | None) -> str:
    return f", que es festivo ({nombre})" if nombre else ""


def _exigir_que_se_pueda(conexion: Connection, lead: Any) -> None:
    if not lead.telefono_norm:
        raise Conflicto("Este lead no tiene un teléfono válido, así que no se le puede anotar una llamada")
    exigir_llamable(conexion, lead.telefono_norm)
