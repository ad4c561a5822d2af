"""Todo error en el mismo dialecto."""

from tests import errores


@errores.con_cada_error
def test_todo_error_habla_el_mismo_dialecto(web, metodo, opciones, estado):
    errores.comprobar(web, "/cliente", (metodo, opciones, estado), ["mensaje"])
