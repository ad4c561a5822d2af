"""`GET /api/obtener_resultados` y `GET /api/status`."""

from datetime import datetime

import pytest


def test_a5_la_cita_se_escribe_donde_se_lee(web, enviar, ana):
    enviar(nuevaCita="10/09/2026 12:30", conPack=True)
    (contacto,) = web.get("/api/obtener_resultados?resultado=cita con pack").json["contactos"]
    assert (contacto["cita"], contacto["conPack"]) == ("2026-09-10 12:30:00", 1)


@pytest.mark.parametrize(
    ("resultado", "esperados"),
    [
        (None, ["Ana", "Berta", "Carla"]),
        ("no interesado", ["Ana"]),
        ("NO INTERESADO", ["Ana"]),
        ("volver a marcar", ["Berta"]),
        ("Volver a Llamar", ["Berta"]),
        ("buzon", ["Berta"]),
        ("cita sin pack", ["Carla"]),
        ("cita con pack", []),
        ("%", []),
    ],
)
def test_se_obtienen_los_contactos_de_un_resultado(web, alta, enviar, resultado, esperados):
    for numero, nombre in enumerate(("Ana", "Berta", "Carla")):
        alta(nombre=nombre, telefono=f"60000000{numero}")
    enviar("600000000", codigoNoInteres="descontento")
    enviar("600000001", codigoVolverLlamar="buzon")
    enviar("600000002", nuevaCita="2026-09-10 12:30")
    consulta = {} if resultado is None else {"resultado": resultado}
    salida = web.get("/api/obtener_resultados", query_string=consulta)
    assert (salida.status_code, salida.json["success"], salida.json["count"]) == (200, True, len(esperados))
    assert [contacto["nombre"] for contacto in salida.json["contactos"]] == esperados


def test_los_resultados_se_paginan_y_la_lista_entera_se_escribe_por_trozos(web, alta):
    for numero in range(1203):
        alta(telefono=f"6{numero:08}")
    salida = web.get("/api/obtener_resultados")
    assert (salida.content_length, salida.json["count"], len(salida.json["contactos"])) == (None, 1203, 1203)
    pagina = web.get("/api/obtener_resultados?page=2&per_page=500")
    assert (pagina.json["count"], pagina.headers["X-Total-Count"]) == (500, "1203")


def test_el_estado_de_la_api_es_el_de_siempre(web):
    salida = web.get("/api/status").json
    assert list(salida) == ["status", "timestamp", "service"]
    assert (salida["status"], salida["service"]) == ("online", "API Resultado Llamada")
    datetime.strptime(salida["timestamp"], "%Y-%m-%d %H:%M:%S")
