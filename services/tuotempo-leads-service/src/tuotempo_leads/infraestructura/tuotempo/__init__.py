"""Cliente de la API v3 de TuoTempo."""

from tuotempo_leads.infraestructura.tuotempo.cliente import TuoTempoAPI
from tuotempo_leads.infraestructura.tuotempo.conexion import SIMULADOR, TUOTEMPO, Conexion
from tuotempo_leads.infraestructura.tuotempo.fallos import Fallo, Motivo, clasificar
from tuotempo_leads.infraestructura.tuotempo.lectura import memberid, resultados
from tuotempo_leads.infraestructura.tuotempo.transporte import Transporte

__all__ = [
    "SIMULADOR",
    "TUOTEMPO",
    "Conexion",
    "Fallo",
    "Motivo",
    "Transporte",
    "TuoTempoAPI",
    "clasificar",
    "memberid",
    "resultados",
]
