"""`make datos-demo`: datos ficticios, cargados como lo haría cualquiera, por las API públicas y el gateway.

Cada petición lleva su `Idempotency-Key`: cargar dos veces el mismo día no duplica nada.
"""

from __future__ import annotations

import os
import subprocess
import sys

import requests
from procesos import ESPACIO, GATEWAY, carpeta_de_datos, entorno_de
from vivo import pid_del_supervisor

NOMBRES = (
    "Lucía Ferrer", "Mateo Ibáñez", "Camila Duarte", "Hugo Santacruz", "Valentina Ríos", "Bruno Castellano",
    "Noa Etxeberria", "Tomás Villalba", "Renata Cifuentes", "Iker Montalvo", "Sofía Larrea", "Gael Peñaranda",
)  # fmt: skip
SERVICIOS = ("Soporte", "Consultoría", "Fibra 1 Gb", "Paquete Premium TV")
MENSAJES = (
    ("email", "Buenos días, ¿pueden enviarme la factura de este mes?"),
    ("llamada", "Pregunta por el estado de su instalación; se le confirma la visita del jueves."),
    ("email", "Gracias por la rapidez, todo funciona."),
)

PARTNERS = (
    ("Distribuciones Alborada", "APROBADO", (("API", "Catálogo en línea"), ("WEBHOOK", "Avisos de pedidos"))),
    ("Logística Puente Nuevo", "REQUIERE_DOCUMENTOS", ()),
    ("Seguros La Encina", "APROBADO", (("BATCH", "Pólizas del día"),)),
    ("Talleres Hermanos Oroz", None, ()),
)
LLAMADAS: tuple[tuple[str, dict[str, object]], ...] = (
    ("600123456", {"codigoVolverLlamar": "buzon", "horaRellamada": "2026-12-01 12:00"}),
    ("600123457", {"nuevaCita": "2026-12-03 10:20", "conPack": True}),
    ("600123458", {"codigoNoInteres": "descontento", "razonNoInteres": "Prefiere su dentista de siempre"}),
)


def main() -> int:
    if not pid_del_supervisor(carpeta_de_datos()):
        print("Centralita no está en marcha desde esta carpeta. Arráncala con `make run`.", file=sys.stderr)
        return 1
    sesion = requests.Session()
    try:
        for numero, nombre in enumerate(NOMBRES, start=1):
            _cargar(sesion, numero, nombre)
            print(f"\r  {numero} de {len(NOMBRES)} clientes", end="", flush=True)
        for numero, partner in enumerate(PARTNERS, start=1):
            _cargar_partner(sesion, numero, *partner)
        _cargar_leads(sesion)
    except requests.RequestException as fallo:
        print(
            f"\nNo se han podido cargar: {fallo}\n`make status` y `make logs` dicen qué pasa.",
            file=sys.stderr,
        )
        return 1
    print(f"\n\nMíralos en:\n  {GATEWAY.url}/canales/clientes\n  {GATEWAY.url}/canales/mensajes/email")
    print(f"  {GATEWAY.url}/clientes/clientes\n  {GATEWAY.url}/partners/api/v1/partners")
    print(f"  {GATEWAY.url}/leads/api/obtener_resultados")
    print("\nUsuarios de Espacio Clientes (las contraseñas se enseñan una sola vez):", flush=True)
    return _sembrar_espacio()


def _sembrar_espacio() -> int:
    """Usuarios y deudas no entran por ninguna API: los pone el propio servicio en su base."""
    orden = [sys.executable, "-m", "espacio_clientes.semillas"]
    entorno = os.environ | entorno_de(ESPACIO) | {"LOG_LEVEL": "ERROR"}
    entorno.pop("PROMETHEUS_MULTIPROC_DIR", None)  # sus métricas no son las de ningún proceso en marcha
    return subprocess.run(orden, env=entorno, check=False).returncode


def _cargar(sesion: requests.Session, numero: int, nombre: str) -> None:
    """La mitad llama o escribe y queda en canales; la otra abre una ficha, que llega a canales como evento."""
    servicio = SERVICIOS[numero % len(SERVICIOS)]
    if numero % 2:
        correo = f"cliente{numero}@ejemplo.com"
        ficha = {"nombre": nombre, "contacto": correo, "servicio": servicio}
        _enviar(sesion, "/clientes/clientes", ficha, f"demo-ficha-{numero}", admite=(201, 409))
        return
    alta = {"nombre": nombre, "tipo_servicio": servicio}
    destino = _enviar(sesion, "/canales/cliente", alta, f"demo-cliente-{numero}").headers["Location"]
    cliente_id = int(destino.rsplit("/", 1)[1])
    for orden, (tipo, contenido) in enumerate(MENSAJES[: 1 + numero % 3]):
        entrada = {"tipo": tipo, "contenido": contenido, "cliente_id": cliente_id}
        _enviar(sesion, "/canales/canal", entrada, f"demo-canal-{numero}-{orden}")


def _cargar_partner(
    sesion: requests.Session,
    numero: int,
    nombre: str,
    kyc: str | None,
    integraciones: tuple[tuple[str, str], ...],
) -> None:
    raiz, clave = "/partners/api/v1/partners", f"demo-partner-{numero}"
    alta = {
        "nombre": nombre,
        "email": f"contacto{numero}@socios.example",
        "telefono": f"+34 600 000 00{numero}",
    }
    respuesta = _enviar(sesion, raiz, alta, clave, admite=(201, 409))
    if respuesta.status_code == 409:  # ya se cargó otro día
        return
    ficha = f"{raiz}/{respuesta.json()['partner']['id']}"
    if kyc:
        verificacion = {"estado_kyc": kyc, "documentos": {"escritura": "escritura.pdf"}}
        sesion.put(f"{GATEWAY.url}{ficha}/kyc", json=verificacion, timeout=10).raise_for_status()
    for tipo, titulo in integraciones:
        _enviar(sesion, f"{ficha}/integraciones", {"tipo": tipo, "nombre": titulo}, f"{clave}-{tipo}")


def _cargar_leads(sesion: requests.Session) -> None:
    """Los contactos de la hoja de ejemplo (`EXCEL_URL`), y lo que se habló con tres de ellos."""
    sesion.get(f"{GATEWAY.url}/leads/admin/load-excel", timeout=60).raise_for_status()
    for numero, (telefono, resultado) in enumerate(LLAMADAS, start=1):
        cuerpo, clave = {"telefono": telefono, **resultado}, f"demo-llamada-{numero}"
        _enviar(sesion, "/leads/api/actualizar_resultado", cuerpo, clave, admite=(200,))


def _enviar(
    sesion: requests.Session, ruta: str, cuerpo: object, clave: str, admite: tuple[int, ...] = (201,)
) -> requests.Response:
    cabeceras = {"Idempotency-Key": clave}
    respuesta = sesion.post(GATEWAY.url + ruta, json=cuerpo, headers=cabeceras, timeout=10)
    if respuesta.status_code not in admite:
        raise requests.RequestException(f"{ruta} contestó {respuesta.status_code}: {respuesta.text}")
    return respuesta


if __name__ == "__main__":
    sys.exit(main())
