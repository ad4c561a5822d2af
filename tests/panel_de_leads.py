"""El panel de leads visto por quien entra en él, sin navegador."""

import re

CLAVE = "una contraseña larga"


class Panel:
    """Un navegador sin JavaScript: entra, pide páginas y envía formularios con su testigo."""

    def __init__(self, app):
        self.web = app.test_client()
        self.app = app

    def testigo(self, ruta="/login"):
        texto = self.web.get(ruta, follow_redirects=True).text
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', texto)[1]

    def entrar(self, usuario, clave=CLAVE, **mas):
        datos = {"username": usuario, "password": clave, "csrf_token": self.testigo(), **mas}
        return self.web.post("/login", data=datos)

    def ver(self, ruta, **opciones):
        return self.web.get(ruta, **opciones)

    def enviar(self, ruta, desde="/cuenta", **datos):
        return self.web.post(ruta, data={"csrf_token": self.testigo(desde), **datos})
