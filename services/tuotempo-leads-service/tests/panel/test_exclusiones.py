import io
import re

import pytest
import sqlalchemy as sa

from tuotempo_leads.aplicacion import exclusiones as casos
from tuotempo_leads.infraestructura import exclusiones as de_exclusiones
from tuotempo_leads.infraestructura.tablas import exclusiones, importaciones, recargas, rellamadas


def test_un_agente_excluye_un_numero_y_queda_quien_y_por_que(panel, fila):
    agente = panel("agente", "marta")
    salida = agente.enviar("/exclusiones", telefono="+34 600 123 456", origen="interna", motivo="lo pidió")
    assert (salida.status_code, salida.location) == (302, "/exclusiones")
    pagina = agente.ver("/exclusiones").text
    assert "El 600123456 ya no se puede llamar." in pagina
    assert all(texto in pagina for texto in ("Lista propia", "lo pidió", "marta"))
    assert fila(exclusiones).telefono_norm == "600123456"


def test_al_excluir_se_dice_que_su_rellamada_se_cancela(panel, alta, fila, web):
    alta(telefono="600123456")
    web.post(
        "/api/actualizar_resultado", json={"telefono": "600123456", "codigoVolverLlamar": "interrupcion"}
    )
    agente = panel("agente")
    agente.enviar("/exclusiones", telefono="600123456", origen="interna")
    assert "su rellamada pendiente queda cancelada" in agente.ver("/exclusiones").text
    assert fila(rellamadas).estado == "cancelada"


def test_un_numero_que_no_vale_se_explica_y_conserva_lo_escrito(panel, filas):
    salida = panel().enviar("/exclusiones", telefono="12", origen="interna", motivo="lo pidió")
    assert salida.status_code == 400
    assert "El teléfono 12 no tiene nueve cifras" in salida.text
    assert 'value="lo pidió"' in salida.text
    assert filas(exclusiones) == []


def _subir(panel, contenido, nombre="lista.csv", origen="robinson"):
    testigo = panel.testigo("/exclusiones")
    datos = {"csrf_token": testigo, "origen": origen, "motivo": "marzo"}
    return panel.web.post("/exclusiones/fichero", data={**datos, "archivo": (io.BytesIO(contenido), nombre)})


@pytest.fixture
def cargar(app):
    """Sube una lista, la hace el corredor y da la página que cuenta cómo ha acabado."""

    def hacer(panel, contenido, **mas):
        respuesta = _subir(panel, contenido, **mas)
        assert respuesta.status_code == 302, respuesta.text
        assert "<progress" in panel.ver(respuesta.location).text
        app.extensions["importaciones"].una()
        return panel.ver(respuesta.location).text

    return hacer


def test_cargar_un_fichero_solo_anade_y_cancela_sus_rellamadas(panel, cargar, filas, alta, web):
    alta(telefono="600000001")
    web.post("/api/actualizar_resultado", json={"telefono": "600000001", "codigoVolverLlamar": "buzon"})
    supervisor = panel("supervisor", "sara")
    supervisor.enviar("/exclusiones", telefono="600000009", origen="robinson")
    supervisor.enviar("/exclusiones", telefono="600000002", origen="robinson")
    hoja = "Teléfono;Código postal\n600 000 001;28001\n600000002;\n12;\n600000003;esto no es\n600000003;\n"
    pagina = cargar(supervisor, hoja.encode())
    recuentos = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", pagina))
    assert recuentos == {
        "Filas": "5",
        "Números nuevos": "2",
        "Ya estaban": "2",
        "Sin un número válido": "1",
        "Rellamadas canceladas": "1",
    }
    assert {e.telefono_norm for e in filas(exclusiones)} == {f"60000000{n}" for n in (1, 2, 3, 9)}
    (nueva,) = filas(exclusiones, telefono_norm="600000003")
    assert (nueva.motivo, nueva.origen, nueva.usuario_id is not None) == ("marzo", "robinson", True)
    assert [r.estado for r in filas(rellamadas)] == ["cancelada"]
    historial = supervisor.ver("/recargar-datos?pestana=historial").text
    assert "Lista de exclusión, 5 filas: 2 números nuevos" in historial
    assert "sara" in historial


@pytest.mark.parametrize(
    ("contenido", "nombre", "queja"),
    [
        (b"", "lista.csv", "vacío"),
        (b"%PDF-1.7 no soy una hoja", "lista.xlsx", "es un PDF"),
        (b"telefono\n600000001\n", "", "Elige el fichero"),
    ],
)
def test_un_fichero_que_no_sirve_se_rechaza_y_no_cambia_nada(panel, filas, contenido, nombre, queja):
    salida = _subir(panel(), contenido, nombre)
    assert salida.status_code == 400
    assert queja in salida.text
    assert filas(exclusiones) == filas(importaciones) == []


@pytest.mark.parametrize(
    ("contenido", "queja"),
    [(b"nombre\nAna\n", "Ninguna columna es un tel"), (b"telefono\n12\n", "Ninguna fila se puede importar")],
)
def test_lo_que_se_ve_al_leerlo_se_explica_en_su_pagina_y_queda_en_el_historial(
    panel, cargar, filas, fila, contenido, queja
):
    assert queja in cargar(panel(), contenido)
    assert filas(exclusiones) == []
    assert fila(recargas).resultado == "error"


def test_cancelada_o_caida_a_medias_no_deja_ningun_numero(panel, app, filas, monkeypatch):
    uno = panel()
    lista = ("telefono\n" + "".join(f"6{n:08}\n" for n in range(2500))).encode()
    pagina = _subir(uno, lista).location
    hechas = []

    def fallar_a_la_tercera(*datos):
        hechas.append(datos)
        if len(hechas) == 3:
            raise RuntimeError
        return anadir(*datos)

    anadir = de_exclusiones.anadir
    monkeypatch.setattr(de_exclusiones, "anadir", fallar_a_la_tercera)
    app.extensions["importaciones"].una()
    assert "no se ha cambiado nada" in uno.ver(pagina).text
    monkeypatch.undo()
    pagina = _subir(uno, lista).location
    uno.enviar(f"{pagina}/cancelar")
    app.extensions["importaciones"].una()
    assert "Cancelada" in uno.ver(pagina).text
    assert filas(exclusiones) == []


def test_una_lista_que_no_existe_no_se_carga(panel, filas):
    assert _subir(panel(), b"telefono\n600000001\n", origen="inventada").status_code == 400
    assert filas(importaciones) == []


def test_una_lista_de_dos_megas_cabe_y_una_de_treinta_no(panel, cargar, filas):
    uno = panel()
    larga = "telefono;nota\n" + f"600000001;{'x' * 100}\n" * 20_000
    cargar(uno, larga.encode())
    assert len(filas(exclusiones)) == 1
    assert _subir(uno, b"x" * 30 * 1024 * 1024).status_code == 413


def test_un_agente_no_puede_cargar_ficheros_ni_ve_donde(panel, filas):
    agente = panel("agente")
    assert "Cargar una lista" not in agente.ver("/exclusiones").text
    assert _subir(agente, b"telefono\n600000001\n").status_code == 403
    assert filas(exclusiones) == []


@pytest.mark.parametrize("buscado", ["600123456", "+34 600 123 456", "6001", "600 1"])
def test_se_busca_por_el_numero_o_por_como_empieza(panel, app, buscado):
    with app.extensions["bd"].escritura() as conexion:
        casos.anadir(conexion, ["600123456", "611000000"], "interna", "", None)
    pagina = panel().web.get("/exclusiones", query_string={"q": buscado}).text
    assert '<h2 id="t-lista">1 número con ese filtro' in pagina
    assert ">600123456<" in pagina


def test_el_que_no_esta_se_dice_y_con_la_lista_vacia_se_invita_a_anadir(panel):
    uno = panel()
    assert "Aún no hay ninguno" in uno.ver("/exclusiones").text
    assert "Ese número no está excluido" in uno.ver("/exclusiones?q=600123456").text


def test_se_lee_de_cincuenta_en_cincuenta_con_las_mismas_consultas(panel, app, consultas):
    uno = panel()
    pocas = consultas(lambda: uno.ver("/exclusiones"))
    with app.extensions["bd"].escritura() as conexion:
        casos.anadir(conexion, [f"6{n:08}" for n in range(1, 1201)], "robinson", "", None)
    muchas = consultas(lambda: uno.ver("/exclusiones?pagina=2"))
    assert len(muchas) == len(pocas) <= 5
    segunda = uno.ver("/exclusiones?pagina=2&origen=robinson").text
    assert "Página 2 de 24" in segunda
    assert segunda.count('class="telefono">') == 50
    assert "pagina=3&amp;origen=robinson" in segunda


def test_lo_que_se_escribe_no_se_ejecuta(panel):
    uno = panel()
    uno.enviar("/exclusiones", telefono="600123456", origen="interna", motivo="<script>alert(1)</script>")
    pagina = uno.ver("/exclusiones").text
    assert "<script>alert" not in pagina
    assert "&lt;script&gt;alert" in pagina


def test_sin_la_tabla_la_pagina_dice_que_no_llega_a_los_datos(panel, app):
    uno = panel()
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(sa.text("DROP TABLE exclusiones"))
    assert uno.ver("/exclusiones").status_code == 503
