"""Repetir una petición con su `Idempotency-Key` no repite su efecto."""

from tests.ejemplo_del_chasis import cosas


class TestIdempotencia:
    def test_repetir_la_peticion_no_repite_el_efecto(self, web, de_cosas):
        primera = web.post("/cosas", json={"nombre": "a", "x": 1}, headers={"Idempotency-Key": "k"})
        segunda = web.post("/cosas", json={"x": 1, "nombre": "a"}, headers={"Idempotency-Key": "k"})
        assert cosas(de_cosas) == 1
        assert (
            (segunda.status_code, segunda.data)
            == (primera.status_code, primera.data)
            == (201, b'{"hecho":true}')
        )
        assert segunda.headers["Location"] == primera.headers["Location"]
        assert segunda.headers["Idempotent-Replayed"] == "true"
        assert "Idempotent-Replayed" not in primera.headers

    def test_un_rechazo_tambien_se_repite(self, web):
        clave = {"Idempotency-Key": "k"}
        assert web.post("/cosas", json={"nombre": "repetida"}, headers=clave).status_code == 409
        segunda = web.post("/cosas", json={"nombre": "repetida"}, headers=clave)
        assert (segunda.status_code, segunda.headers["Idempotent-Replayed"]) == (409, "true")
        assert segunda.json["mensaje"] == "Ya existe"

    def test_otro_cuerpo_es_422(self, web):
        web.post("/cosas", json={"nombre": "a"}, headers={"Idempotency-Key": "k"})
        salida = web.post("/cosas", json={"nombre": "b"}, headers={"Idempotency-Key": "k"})
        assert (salida.status_code, salida.json["codigo"]) == (422, "CLAVE_REUTILIZADA")

    def test_un_fallo_del_servidor_no_se_guarda_y_se_puede_reintentar(self, web, de_cosas):
        clave = {"Idempotency-Key": "k"}
        assert web.post("/cosas", json={"nombre": "explota"}, headers=clave).status_code == 500
        assert web.post("/cosas", json={"nombre": "explota"}, headers=clave).status_code == 500
        assert cosas(de_cosas) == 0

    def test_veinte_a_la_vez_dejan_un_solo_efecto(self, app, de_cosas, a_la_vez):
        def enviar(_):
            cabeceras = {"Idempotency-Key": "k"}
            return app.test_client().post("/cosas", json={"nombre": "a"}, headers=cabeceras).status_code

        assert set(a_la_vez(enviar, 20)) <= {201, 409}
        assert cosas(de_cosas) == 1

    def test_un_efecto_fuera_de_la_base_tambien_ocurre_una_vez(self, app, web):
        for _ in range(3):
            salida = web.post("/efectos", json={"nombre": "a"}, headers={"Idempotency-Key": "k"})
            assert salida.json == {"efectos": 1}
        assert app.extensions["efectos"] == ["a"]

    def test_sin_clave_cada_peticion_cuenta(self, web, de_cosas):
        web.post("/cosas", json={"nombre": "a"})
        web.post("/cosas", json={"nombre": "a"})
        assert cosas(de_cosas) == 2
