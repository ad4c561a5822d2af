"""Un solo cliente para muchos hilos, y nada de nadie en los registros."""

from .conftest import alta, huecos


def test_de_veinte_confirmaciones_a_la_vez_con_un_solo_cliente_gana_una(api, a_la_vez):
    hueco = huecos(api)[0]

    def confirmar(numero):
        alta(api, f"6000000{numero:02}")
        return api.confirm_appointment(hueco, f"6000000{numero:02}")["exception"]

    assert sorted(a_la_vez(confirmar, 20)) == [""] + ["PROVIDER_RESERVATION_CONFLICT_ERROR"] * 19


def test_nadie_reserva_a_nombre_de_quien_se_dio_de_alta_en_otro_hilo(api, a_la_vez):
    libres = huecos(api)

    def pedir(numero):
        quien = alta(api, f"6000000{numero:02}")
        return quien, api.confirm_appointment(libres[numero], "600123456")["memberid"]

    for dado_de_alta, citado in a_la_vez(pedir, 10):
        assert dado_de_alta == citado


def test_los_registros_no_llevan_ni_la_clave_ni_los_datos_de_nadie(crear, capsys):
    api = crear(api_key="clave-muy-secreta")
    hueco = huecos(api)[0]
    alta(api, "600987654")
    api.confirm_appointment(hueco, "600987654")
    salida = capsys.readouterr()
    assert '"ruta":"reservations"' in salida.out
    for dato in ("clave-muy-secreta", "600987654", "Juan", "Pérez", "1980"):
        assert dato not in salida.out + salida.err
