"""Las incidencias nuevas: etiquetas por lo que dicen y una bienvenida."""

import pytest

from deploy.ci.incidencias import etiquetas

CASOS = [
    ("La exportación falla con 500", "Traceback (most recent call last)…", ["bug"]),
    ("No funciona el botón", "", ["bug"]),
    ("EXCEPCIÓN al cargar la hoja", "", ["bug"]),
    ("Me gustaría filtrar por fecha", "", ["feature"]),
    ("Mejora: exportar a CSV", "", ["feature"]),
    ("Errata en el README", "", ["documentación"]),
    ("¿Cómo se añade un servicio?", "", ["pregunta"]),
    ("Posible inyección en la búsqueda", "", ["seguridad"]),
    ("Error y duda", "no sé si es un fallo", ["bug", "pregunta"]),
    ("Hola", "", ["sin clasificar"]),
    ("La descarga devuelve 503", "", ["bug"]),
    ("Terror en la trastienda", "la deuda era de 500 y está en /docs", ["sin clasificar"]),
    (
        "Falla `canales-service`",
        "y también storage service",
        ["bug", *(f"servicio: {nombre}" for nombre in ("canales-service", "storage_service"))],
    ),
]


@pytest.mark.parametrize(("titulo", "cuerpo", "esperadas"), CASOS, ids=[caso[0] for caso in CASOS])
def test_las_etiquetas_salen_de_lo_que_dice(titulo, cuerpo, esperadas):
    assert etiquetas(titulo, cuerpo) == esperadas


def incidencia(titulo, cuerpo=None):
    return {"issue": {"number": 7, "title": titulo, "body": cuerpo, "user": {"login": "ana"}}}


def test_la_incidencia_recibe_sus_etiquetas_y_la_bienvenida(en_github):
    hecho = en_github.make("incidencia", incidencia("No arranca portal"))
    assert hecho.returncode == 0, hecho.stderr
    (_, ruta, puestas), (metodo, donde, comentario) = en_github.escrito
    assert (ruta, puestas) == ("/issues/7/labels", {"labels": ["bug", "servicio: portal"]})
    assert (metodo, donde) == ("POST", "/issues/7/comments")
    assert comentario["body"].startswith("<!-- bienvenida -->\n¡Gracias por abrir esta incidencia, @ana!")
    assert "`bug`, `servicio: portal`" in comentario["body"]
    assert "Security" not in comentario["body"]


def test_a_un_asunto_de_seguridad_se_le_pide_que_siga_en_privado(en_github):
    en_github.make("incidencia", incidencia("Vulnerabilidad en la entrada"))
    assert "no publiques aquí cómo se explota" in en_github.escrito[1][2]["body"]


def test_lo_que_escribe_el_autor_nunca_se_ejecuta(en_github, tmp_path):
    trampa = f"$(touch {tmp_path}/a) `touch {tmp_path}/b`; touch {tmp_path}/c\n$(shell touch {tmp_path}/d)"
    assert en_github.make("incidencia", incidencia(trampa, trampa)).returncode == 0
    assert not {"a", "b", "c", "d"} & {f.name for f in tmp_path.iterdir()}


def test_repetir_la_ejecucion_no_repite_la_bienvenida(en_github):
    en_github.comentarios = [
        {"id": 1, "user": {"login": "ana"}, "body": "<!-- bienvenida --> ja"},
        {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "<!-- bienvenida -->\n¡Gracias…"},
    ]
    en_github.make("incidencia", incidencia("Hola"))
    assert [(metodo, ruta) for metodo, ruta, _ in en_github.escrito] == [
        ("POST", "/issues/7/labels"),
        ("PATCH", "/issues/comments/2"),
    ]


def test_si_github_falla_se_ve_por_que(en_github):
    hecho = en_github.make("incidencia", incidencia("Hola"), GITHUB_TOKEN="otro")
    assert hecho.returncode != 0
    assert "GitHub contesta 401 a POST /issues/7/labels" in hecho.stderr
    assert "Bad credentials" in hecho.stderr
