"""Todo error en el mismo dialecto, también con la base caída."""

from tests import errores


@errores.con_cada_error
def test_todo_error_habla_el_mismo_dialecto(web, metodo, opciones, estado):
    errores.comprobar(web, "/clientes", (metodo, opciones, estado), ["error"])


def test_con_la_base_caida_no_esta_listo_y_un_alta_con_clave_espera_a_que_vuelva(web, base_caida):
    def crear():
        ficha = {"nombre": "Ana", "contacto": "ana@ejemplo.com", "servicio": "Fibra"}
        return web.post("/clientes", json=ficha, headers={"Idempotency-Key": "k"})

    with base_caida():
        salida = crear()
        assert (salida.status_code, salida.json) == (503, {"error": "Base de datos no disponible"})
        assert web.get("/health/ready").status_code == 503
    assert crear().status_code == 201
